// Open softphone pages: each has a SIP credential of its own, bound to the sign-in session. The SIP server accepts it over
// WebSocket only, for the user's own extension only, and from the moment that the session ends no more.
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Database } from '../database/database.js';
import { now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { kick } from './kicks.js';
import { digestsOf, makeSipSecret } from './sip-secret.js';
import { SoftphoneSession } from './softphone-session.entity.js';

/** Whose page it is. */
export interface SoftphoneOwner {
  userId: number;
  /** ID of the sign-in session's row. */
  sessionId: number;
  extension: number;
}

/** What the page needs to register. `ha1` is as good as a password: over https, never stored, never logged. */
export interface OpenSoftphone {
  /** The N of its name: what `close` takes. */
  id: number;
  /** The authorisation name, EXTENSION.sN; its contact is sip:EXTENSION.sN@anything.invalid. */
  username: string;
  /** The address that it registers and calls from: sip:EXTENSION@REALM. */
  address: string;
  realm: string;
  ha1: string;
}

/** Of one sign-in session. A browser that crashes never says that its page is closed; the SIP server takes five a user. */
const mostPages = 5;

@Injectable()
export class Softphones {
  constructor(private readonly database: Database) {}

  /**
   * Makes the credential of a page that opens; its number is never used again. Beyond five pages of a sign-in session the
   * oldest gives way. The caller knows that the user may.
   */
  async open({ userId, sessionId, extension }: SoftphoneOwner): Promise<OpenSoftphone> {
    const { realm } = environment().sip;
    const secret = makeSipSecret(false);
    return this.database.write(async (manager) => {
      const open = await manager.find(SoftphoneSession, { where: { sessionId }, order: { id: 'DESC' } });
      for (const phone of open.slice(mostPages - 1)) await end(manager, phone);
      const none = { realm, ha1: '', ha1b: '', ha1Sha256: '' };
      // The number is in the name, and the name in the hashes.
      const { identifiers } = await manager.insert(SoftphoneSession, {
        ...{ userId, sessionId, extension, ...none },
        username: randomUUID().slice(0, 32),
        openedAt: now(),
      });
      const { id } = identifiers[0] as { id: number };
      const username = `${extension}.s${id}`;
      const digests = digestsOf(username, realm, secret);
      await manager.update(SoftphoneSession, { id }, { username, ...digests });
      return { id, username, address: `sip:${extension}@${realm}`, realm, ha1: digests.ha1 };
    });
  }

  /** Ends one page's credential and registration; false when it had ended already, or is of another session. */
  async close(id: number, sessionId: number): Promise<boolean> {
    return this.database.write(async (manager) => {
      const phone = await manager.findOneBy(SoftphoneSession, { id, sessionId });
      if (!phone) return false;
      await end(manager, phone);
      return true;
    });
  }

  /** True while this page of the sign-in session is open, and its credential good. */
  async isOpen(id: number, sessionId: number): Promise<boolean> {
    return this.database.read.existsBy(SoftphoneSession, { id, sessionId });
  }
}

async function end(manager: EntityManager, { id, extension, username }: SoftphoneSession): Promise<void> {
  await manager.delete(SoftphoneSession, { id });
  await kick(manager, [{ extension, softphone: username }]);
}
