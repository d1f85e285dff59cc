// Is this the password of that account? Every place that asks comes here, so that all guesses are counted together: for the
// account, however it is named, and for the address that they come from (SECURITY.md AU-1, AU-3, AU-4, AU-6).
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { record, type Actor } from '../audit/record.js';
import { Database } from '../database/database.js';
import { checkNobody, isPassword } from '../handout/temporary-password.js';
import { LimitsService } from '../limits/limits.service.js';
import { forgetTries, TriesService, type Guess } from '../limits/tries.service.js';
import { guessesAtPasswordOf } from '../users/password-tries.js';
import type { User } from '../users/user.entity.js';
import { day, minute, now } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import { networkOf } from '../web/networks.js';
import { TooMany } from '../web/too-many.js';

/** Only wrong ones count: 500 agents behind one address come in. */
const failuresOfAddress = { most: 20, length: minute };
/** Nobody has the name; guesses at it are counted as for an account, but not for ever. */
const unknownNamesKept = day;

export interface PasswordGuess {
  /** Who it is said to be; null for a name that nobody has. */
  user: User | null;
  /** As it was typed. */
  name: string;
  password: string;
  /** False when the account cannot be used in any case: the answer, and its time, are those of a wrong password. */
  usable: boolean;
  /** True for an address that the lists keep out: its guesses do not count for the account, or strangers could lock it. */
  elsewhere?: boolean;
  /** Who guesses, for the audit log; the address counts. */
  actor: Actor & { address: string };
  /** What a refusal is called in the audit log. */
  refusal: 'sign_in_refused' | 'password.refused';
}

@Injectable()
export class PasswordCheck {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly limits: LimitsService,
    private readonly tries: TriesService,
  ) {}

  /**
   * True when the password is the account's. One answer and one time for whatever else there is: unknown, wrong, not
   * usable, or too many wrong ones before. Throws TooMany after 20 wrong ones from one address in a minute.
   */
  async isRight(guess: PasswordGuess): Promise<boolean> {
    // One after the other, so that a person's own sign-ins in many browsers at once do not use up the tries.
    return this.inTurn(nameKey(guess.name), () => this.check(guess));
  }

  private async check(guess: PasswordGuess): Promise<boolean> {
    const { user, password, usable, actor } = guess;
    const full = await this.limits.fullUntil(failuresFrom(actor.address), failuresOfAddress);
    if (full) throw tooMany(full);
    const counted = await this.database.write((manager) => this.count(manager, guess));
    const candidate = counted.allowed && usable ? user : null;
    const right = candidate
      ? await isPassword(password, candidate.passwordHash)
      : await checkNobody(password);
    const wait = await this.database.write((manager) =>
      right ? forgetTries(manager, [guessedAt(guess)]) : this.refuse(manager, guess, counted),
    );
    if (wait) throw tooMany(wait);
    return right;
  }

  private count(manager: EntityManager, guess: PasswordGuess): Promise<Guess> {
    const isAccount = guess.user && !guess.elsewhere;
    return this.tries.guess(manager, guessedAt(guess), isAccount ? undefined : unknownNamesKept);
  }

  private async refuse(
    manager: EntityManager,
    { user, actor, refusal, elsewhere }: PasswordGuess,
    { allowed, failures, freeAt }: Guess,
  ): Promise<number | undefined> {
    const subject = user ? { kind: 'user', id: user.id, name: user.username } : undefined;
    await record(manager, actor, { action: refusal, subject });
    if (allowed && freeAt > now() && user && !elsewhere) {
      const until = Number.isFinite(freeAt) ? new Date(freeAt).toISOString() : null;
      await record(manager, actor, { action: 'sign_in_locked', subject, details: { failures, until } });
    }
    return this.limits.take(manager, failuresFrom(actor.address), failuresOfAddress);
  }

  private async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.turns.get(name);
    const turn = (before ?? Promise.resolve()).then(work, work);
    this.turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(name) === turn) this.turns.delete(name);
    }
  }
}

function guessedAt({ user, name, elsewhere }: PasswordGuess): string {
  if (elsewhere) return `password from elsewhere, of ${nameKey(name.trim())}`;
  return user ? guessesAtPasswordOf(user.id) : `password of nobody, called ${nameKey(name.trim())}`;
}

function failuresFrom(address: string): string {
  return `wrong passwords from ${networkOf(address)}`;
}

function tooMany(freeAt: number): TooMany {
  return new TooMany(
    freeAt,
    'There were too many wrong passwords from your address. Wait a minute and try again.',
  );
}
