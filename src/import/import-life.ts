// Undo and reissue: the users of an import are handed to a mass action, which names whom it left out and why.
import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { record } from '../audit/record.js';
import { Database } from '../database/database.js';
import { Mail } from '../mail/mail.entity.js';
import { mailIsSetUp } from '../mail/route.js';
import {
  canBeUndone,
  inviteAgain,
  mayActOnImport,
  reissuePasswords,
  undoImport,
  undoTime,
  type ImportAction,
} from '../users/import-actions.js';
import { ImportSummaries } from '../users/import-summary.js';
import { MassActionRun } from '../users/mass-actions.entity.js';
import { MassActions } from '../users/mass-actions.service.js';
import { User } from '../users/user.entity.js';
import type { SignedIn } from '../web/allow.js';
import { Import, aboutImport, isInvited } from './import.entity.js';

const words: Record<string, string> = {
  [undoImport.value]: 'import.undone',
  [reissuePasswords.value]: 'import.passwords_reissued',
  [inviteAgain.value]: 'import.invited_again',
};

@Injectable()
export class ImportLife {
  constructor(
    private readonly database: Database,
    private readonly actions: MassActions,
    private readonly summaries: ImportSummaries,
  ) {}

  /** True when this person may do it to this import now. */
  may(action: ImportAction, { authorId, finishedAt, created }: Import, person: SignedIn): boolean {
    if (action.byMail && !mailIsSetUp()) return false;
    if (finishedAt === null || created === 0 || !mayActOnImport(person, action, authorId)) return false;
    return action !== undoImport || canBeUndone(finishedAt);
  }

  /** Whom it would be done to, as far as this person meets them: `count` of the users, and who is kept, by reason. */
  async outlook(action: ImportAction, { id }: Import, person: SignedIn) {
    const { created, signedIn, edited, waiting } = await this.summaries.of(person, id);
    return action === undoImport
      ? { count: created - signedIn - edited, came: signedIn, edited }
      : { count: waiting, came: signedIn, edited: 0 };
  }

  /** Starts it. Returns the ID of the mass action, or undefined when nobody is left to do it to. */
  async start(action: ImportAction, found: Import, person: SignedIn): Promise<number | undefined> {
    const run = await this.actions.startOnImport(action, { id: found.id, name: `#${found.id}` }, person);
    if (run === undefined) return undefined;
    const told = words[action.value];
    await this.database.write((manager) =>
      record(manager, person, { action: told, subject: aboutImport(found) }),
    );
    return run;
  }

  /** What the page of an import offers and tells. */
  async links(found: Import, person: SignedIn) {
    const ended = found.finishedAt !== null && found.created > 0;
    const summary = ended ? await this.summaries.of(person, found.id) : undefined;
    const waiting = summary?.waiting ?? 0;
    return {
      came: summary,
      undoUntil:
        summary && summary.created > 0 && this.may(undoImport, found, person)
          ? found.finishedAt! + undoTime
          : undefined,
      reissue: waiting > 0 && this.may(reissuePasswords, found, person),
      invited: isInvited(found) ? await this.mails(found) : undefined,
      inviteAgain: isInvited(found) && waiting > 0 && this.may(inviteAgain, found, person),
      undone: ended ? await this.undone(found, person) : undefined,
    };
  }

  /** Which of these imports were undone. */
  async undoneOf(ids: number[]): Promise<Set<number>> {
    const runs = await this.database.read.find(MassActionRun, {
      select: { id: true, thingId: true },
      where: { kind: undoImport.value, thingId: In(ids) },
    });
    return new Set(runs.map(({ thingId }) => thingId!));
  }

  // The invitations of its users that were not taken back, by what became of the mail.
  private async mails({ id }: Import): Promise<Record<'sent' | 'waiting' | 'failed', number>> {
    const rows: { state: 'sent' | 'waiting' | 'failed'; count: number | string }[] = await this.database.read
      .createQueryBuilder(Mail, 'mail')
      .innerJoin(User, 'user', 'user.id = mail.userId AND user.importId = :id', { id })
      .select(['mail.state AS state', 'COUNT(DISTINCT mail.userId) AS count'])
      .where("mail.kind = 'invitation' AND mail.state <> 'withdrawn'")
      .groupBy('mail.state')
      .getRawMany();
    const counts = Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
    return { sent: 0, waiting: 0, failed: 0, ...counts };
  }

  // The latest undo; its page is for who started it.
  private async undone({ id }: Import, person: SignedIn) {
    const [run] = await this.database.read.find(MassActionRun, {
      where: { kind: undoImport.value, thingId: id },
      order: { id: 'DESC' },
      take: 1,
    });
    return run && { ...run, own: run.authorId === person.id };
  }
}
