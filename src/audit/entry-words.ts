// Entries in words, for the page and for the file.
import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import type { SignedIn } from '../web/allow.js';
import type { Translate } from '../web/texts.js';
import type { AuditEntry } from './audit-entry.entity.js';
import { actionText } from './actions.js';
import { detailLines, thingsIn, type Catalogues } from './details.js';
import { kindOf, ThingNames, type ThingId } from './things.js';

/** Token of the catalogues whose words the details use. */
export const CATALOGUES = 'audit catalogues';

/** One entry, in the reader's language and timezone. */
export interface EntryInWords {
  id: number;
  /** ISO 8601, UTC. */
  isoTime: string;
  /** In the reader's timezone. */
  when: string;
  who: string;
  /** Address of the person's page, where there is one that the reader may open. */
  whoHref?: string;
  what: string;
  /** Kind and name of what the entry is about; empty when it is about nothing in particular. */
  about: string;
  aboutId: number | null;
  aboutHref?: string;
  details: string[];
  address: string;
  requestId: string;
}

@Injectable()
export class EntryWords {
  constructor(
    private readonly database: Database,
    @Inject(CATALOGUES) private readonly catalogues: Catalogues,
  ) {}

  /** Puts entries into words for this reader. */
  async of(entries: AuditEntry[], reader: SignedIn, t: Translate): Promise<EntryInWords[]> {
    const names = await ThingNames.load(
      this.database.read,
      entries.flatMap((entry) => this.things(entry)),
    );
    const clock = new Intl.DateTimeFormat(reader.language, {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: reader.timezone,
    });
    const href = ({ kind, id }: ThingId) => hrefOf({ kind, id }, names, reader);
    return entries.map((entry) => {
      const { id, at, actorId, actorName, action, subjectId, subjectKind, subjectName } = entry;
      return {
        id,
        isoTime: new Date(at).toISOString(),
        when: clock.format(at),
        who: actorName || t('Somebody unknown'),
        whoHref: actorId === null ? undefined : href({ kind: 'user', id: actorId }),
        what: t(actionText(action)),
        about: subjectKind === null ? '' : aboutText(subjectKind, subjectName, t),
        aboutId: subjectId,
        aboutHref: subjectKind && subjectId ? href({ kind: subjectKind, id: subjectId }) : undefined,
        details: detailLines(action, entry.details, { catalogues: this.catalogues, names, t }),
        address: entry.address ?? '',
        requestId: entry.requestId ?? '',
      };
    });
  }

  private things({ actorId, subjectKind, subjectId, action, details }: AuditEntry): ThingId[] {
    const actor = actorId === null ? [] : [{ kind: 'user', id: actorId }];
    const subject = subjectKind && subjectId ? [{ kind: subjectKind, id: subjectId }] : [];
    return [...actor, ...subject, ...thingsIn(action, details, this.catalogues)];
  }
}

function aboutText(kind: string, name: string | null, t: Translate): string {
  const label = t(kindOf(kind)?.label ?? kind);
  return name ? t('{{kind}} “{{name}}”', { kind: label, name }) : label;
}

function hrefOf({ kind, id }: ThingId, names: ThingNames, reader: SignedIn): string | undefined {
  const page = kindOf(kind);
  const opens = page?.permissions.some((permission) => reader.permissions.has(permission));
  return opens && names.of(kind, id) !== undefined ? `${page!.path}/${id}` : undefined;
}
