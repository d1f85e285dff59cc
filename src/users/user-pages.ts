// What the pages of one user show: the form of a new one, the form or the facts of one that is there.
import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { phoneOf } from '../sip/phone.js';
import { SettingsService } from '../settings/settings.service.js';
import type { SignedIn } from '../web/allow.js';
import { told } from '../web/answers.js';
import { differences } from '../web/outcome.js';
import type { Problem } from '../web/problem.js';
import type { Translate } from '../web/texts.js';
import { decidedByRoles, defaultText } from './default-words.js';
import type { OpenUser } from './edit-user.js';
import { formFields, formParts, lastField, similar, type Filled } from './form-parts.js';
import { notAllowed } from './grants.js';
import { lockedFor, withLocked } from './locked.js';
import { factorWords } from './factor-words.js';
import { holdsMore, metUser } from './met-user.js';
import { factorState } from './second-factor.js';
import { valuesOf } from './stored-values.js';
import { readTenant, type TenantDirectory } from './tenant-directory.js';
import { UserFacts } from './user-facts.js';
import { emptyUser, userField, type FieldName, type UserValues } from './user-fields.js';
import { fieldText, formField, typedFrom, type Typed } from './user-form.js';

@Injectable()
export class UserPages {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly facts: UserFacts,
  ) {}

  /** The page New User with what was typed, or with nothing yet. */
  async blank(person: SignedIn, t: Translate, typed = nothing, problems: Problem[] = []) {
    const tenant = await this.tenantFor(person);
    const locked = lockedFor(tenant, false);
    const form = formModel({ typed, locked, problems }, tenant, t);
    return { title: 'New User', action: '/users', ...form };
  }

  /** What the choices of no value come to for a user of these roles, by field. */
  async defaults(roles: number[], person: SignedIn, t: Translate) {
    const tenant = await this.tenantFor(person);
    const given = roles.filter((id) => tenant.all.roles.some((role) => role.id === id));
    return decidedByRoles.map((name) => ({ name, text: defaultText(userField(name), given, tenant, t) }));
  }

  /** What a user like this one begins with, as far as this person may give it. */
  async similarTo(id: number, person: SignedIn): Promise<Typed> {
    const { read } = this.database;
    const values = await valuesOf(read, await metUser(read, id, person));
    const tenant = await this.tenantFor(person);
    const roles = values.roles.filter((role) => tenant.all.roles.some((one) => one.id === role));
    const given: UserValues = { ...values, roles, ppq: values.ppq && tenant.ppq };
    const withheld = notAllowed(given, tenant.grants).map(({ field }) => [
      field,
      emptyUser()[field as FieldName],
    ]);
    return similar(typedFrom({ ...given, ...Object.fromEntries(withheld) }, formFields));
  }

  /**
   * The page of a user: the form for who may change them, else facts. Not found for whom this person does not meet.
   * @param typed what was typed into the form; what is stored when missing
   */
  async user(id: number, person: SignedIn, t: Translate, typed?: Typed, problems: Problem[] = []) {
    const { read } = this.database;
    const user = await metUser(read, id, person);
    const values = await valuesOf(read, user);
    const tenant = await this.tenantFor(person);
    const own = id === person.id;
    const more = await holdsMore(read, id, person);
    const may = (permission: Parameters<typeof person.permissions.has>[0]) =>
      person.permissions.has(permission) && !more;
    const { authenticator, ...decided } = await factorState(read, user, tenant.settings);
    const page = {
      title: 'User {{username}}',
      titleValues: { username: user.username },
      action: `/users/${id}`,
      user: {
        ...(await this.facts.about(user)),
        factor: factorWords(decided),
        setUpAt: authenticator?.setUpAt,
      },
      phone: await phoneOf(read, user, t),
      version: user.version,
      more,
      may: {
        reset: may('users.reset') && !own,
        resetSip: may('users.reset') && !own && user.sip === 'builtin_pbx',
        resetAuthenticator: may('users.reset') && !own && authenticator !== null,
        edit: may('users.edit') && !own,
        change: may('users.edit'),
        sessions: may('users.sessions'),
        remove: may('users.delete') && !own,
      },
    };
    const stored = typedFrom(values, formFields);
    if (!may('users.edit'))
      return { view: 'users/facts', model: { ...page, facts: factsOf(stored, tenant, t) } };
    const locked = lockedFor(tenant, own);
    const filled = { typed: typed ? withLocked(typed, stored, locked) : stored, locked, problems };
    return { view: 'users/edit', model: { ...page, ...formModel(filled, tenant, t) } };
  }

  /** Both versions of a user, where they differ. */
  async conflict(typed: Typed, newer: OpenUser, person: SignedIn, t: Translate) {
    const tenant = await this.tenantFor(person);
    const stored = typedFrom(newer.values, formFields);
    const yours = withLocked(typed, stored, lockedFor(tenant, newer.user.id === person.id));
    const told = formFields.filter(({ kind }) => kind !== 'token');
    const both = told.map((field) => ({
      label: field.label,
      yours: fieldText(field, yours, tenant, t),
      theirs: fieldText(field, stored, tenant, t),
    }));
    return differences(both);
  }

  private async tenantFor(person: SignedIn): Promise<TenantDirectory> {
    return readTenant(this.database.read, await this.settings.current(), person);
  }
}

const nothing: Typed = typedFrom(emptyUser(), formFields);

function formModel(filled: Filled, tenant: TenantDirectory, t: Translate) {
  return {
    parts: formParts(filled, tenant, t),
    digitsOnly: formField(lastField, filled.typed, tenant, t),
    ...told(filled.problems, t),
  };
}

// Every field in words; what the SIP setting or PPQ does not need is left out.
function factsOf(stored: Typed, tenant: TenantDirectory, t: Translate) {
  return formParts({ typed: stored, locked: new Map(), problems: [] }, tenant, t).map(
    ({ part, heading, fields, advanced }) => ({
      part,
      heading,
      facts: [...fields, ...(advanced?.fields ?? [])]
        .map(({ name }) => formFields.find((field) => field.name === name)!)
        .filter(({ kind, onlyWith }) => kind !== 'token' && (!onlyWith || stored.sip?.[0] === onlyWith))
        .map((field) => ({ label: field.label, text: fieldText(field, stored, tenant, t) })),
    }),
  );
}
