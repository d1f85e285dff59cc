// What a user was given, as columns and back.
import { In, type EntityManager } from 'typeorm';
import type { Reader } from '../database/database.js';
import { tokenHash } from '../database/sealed.js';
import { Group } from '../groups/group.entity.js';
import { nameKey } from '../web/names.js';
import { UserGroup, UserRole, type User } from './user.entity.js';
import type { UserValues } from './user-fields.js';
import { sortName } from './user-search.js';

/** The columns of what was given; what the SIP setting or PPQ does not need is empty. Without extension and token. */
export function columnsOf(values: UserValues) {
  const classic = values.sip === 'classic_pbx';
  return {
    username: values.username,
    usernameKey: nameKey(values.username),
    email: values.email,
    emailKey: nameKey(values.email),
    firstName: values.firstName,
    lastName: values.lastName,
    nameKey: sortName(values),
    timezone: values.timezone,
    language: values.language,
    allDesks: values.allDesks,
    active: values.active,
    sip: values.sip,
    pbxDomainId: classic ? values.pbxDomain : null,
    pbxDevice: classic ? values.pbxDevice : null,
    customUri: values.sip === 'custom_uri' ? values.customUri : null,
    callerIdId: values.callerId,
    autoDial: values.autoDial,
    twoFactor: values.twoFactor,
    sessionTtl: values.sessionTtl,
    maxSessions: values.maxSessions,
    extendedAcl: values.extendedAcl,
    fullRecordingAccess: values.fullRecordingAccess,
    allSkillGroups: values.allSkillGroups,
    assignLeads: values.assignLeads,
    ppq: values.ppq,
    ppqRatio: values.ppq ? values.ppqRatio : null,
    ppqSorting: values.ppq ? values.ppqSorting : null,
    digitsOnly: values.digitsOnly,
  };
}

/** What is stored of a CalDAV token: its SHA-256 in hex (SECURITY.md SC-4). */
export function tokenColumn({ caldavToken }: Pick<UserValues, 'caldavToken'>): string | null {
  return caldavToken === null ? null : tokenHash(caldavToken).toString('hex');
}

/** What a user was given. The CalDAV token is never among it: only its hash is known. */
export async function valuesOf(manager: Reader | EntityManager, user: User): Promise<UserValues> {
  const held = await manager.findBy(UserRole, { userId: user.id });
  const member = await manager.findBy(UserGroup, { userId: user.id });
  const groups = await manager.findBy(Group, { id: In(member.map(({ groupId }) => groupId)) });
  const ofKind = (kind: Group['kind']) =>
    rising(groups.filter((group) => group.kind === kind).map(({ id }) => id));
  return {
    username: user.username,
    email: user.email,
    firstName: user.firstName,
    lastName: user.lastName,
    timezone: user.timezone,
    language: user.language,
    allDesks: user.allDesks,
    desks: ofKind('desk'),
    roles: rising(held.map(({ roleId }) => roleId)),
    active: user.active,
    sip: user.sip,
    pbxDomain: user.pbxDomainId,
    pbxDevice: user.pbxDevice,
    customUri: user.customUri,
    extension: user.extension,
    queues: ofKind('queue'),
    callerId: user.callerIdId,
    autoDial: user.autoDial,
    caldavToken: null,
    twoFactor: user.twoFactor,
    sessionTtl: user.sessionTtl,
    maxSessions: user.maxSessions,
    extendedAcl: user.extendedAcl,
    fullRecordingAccess: user.fullRecordingAccess,
    allSkillGroups: user.allSkillGroups,
    skillGroups: ofKind('skill_group'),
    assignLeads: user.assignLeads,
    ppq: user.ppq,
    ppqRatio: user.ppqRatio,
    ppqSorting: user.ppqSorting,
    digitsOnly: user.digitsOnly,
  };
}

function rising(ids: number[]): number[] {
  return ids.toSorted((a, b) => a - b);
}
