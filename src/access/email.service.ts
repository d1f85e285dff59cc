// A new email address of one's own waits for a confirmation from there; the old one is told (SECURITY.md MF-11).
import { Injectable } from '@nestjs/common';
import { record } from '../audit/record.js';
import { Database, isTaken } from '../database/database.js';
import { LimitsService } from '../limits/limits.service.js';
import { post } from '../mail/outbox.js';
import { mailRoute } from '../mail/route.js';
import { SettingsService } from '../settings/settings.service.js';
import { recipientOf } from '../users/recipient.js';
import { keepSearchable } from '../users/user-search.js';
import { User } from '../users/user.entity.js';
import { isAddress } from '../web/address.js';
import type { SignedIn } from '../web/allow.js';
import { hour } from '../web/clock.js';
import { nameKey } from '../web/names.js';
import type { Problem } from '../web/problem.js';
import { findLink, linkLifetime, newLink, useLink } from '../users/mail-links.js';

const asked = { most: 5, length: hour };

@Injectable()
export class EmailService {
  constructor(
    private readonly database: Database,
    private readonly settings: SettingsService,
    private readonly limits: LimitsService,
  ) {}

  /** Mails a link to the new address and a warning to the old one; nothing changes yet. */
  async ask(typed: string, person: SignedIn): Promise<Problem[]> {
    const email = typed.trim().toLowerCase();
    const text = await this.wrongWith(email, person);
    if (text) return [{ field: 'email', value: typed, code: 'invalid', text }];
    const settings = await this.settings.current();
    const full = await this.database.write(async (manager) => {
      const freeAt = await this.limits.take(manager, `emails of ${person.id}`, asked);
      if (freeAt !== undefined) return true;
      const user = await manager.findOneByOrFail(User, { id: person.id });
      const reader = recipientOf(user, settings);
      const link = await newLink(manager, 'email', user.id, email);
      await post(manager, 'email_confirmation', { ...reader, address: email }, { link }, linkLifetime);
      await post(manager, 'email_change_asked', reader, { address: person.address });
      const subject = { kind: 'user', id: user.id, name: user.username };
      await record(manager, person, { action: 'email.change_asked', subject, details: { email } });
      return false;
    });
    if (!full) return [];
    const wait = 'You asked for this several times within an hour. Wait an hour and try again.';
    return [{ field: 'email', value: typed, code: 'invalid', text: wait }];
  }

  /** The new address of a link, while it is good. */
  async addressOf(token: string): Promise<string | undefined> {
    return (await findLink(this.database.read, 'email', token))?.email;
  }

  /** Changes the address; false when the link is over, or somebody has the address by now. */
  async confirm(token: string, actor: { address?: string; requestId: string }): Promise<boolean> {
    const settings = await this.settings.current();
    try {
      return await this.database.write(async (manager) => {
        const link = await findLink(manager, 'email', token);
        const user = link && (await manager.findOneBy(User, { id: link.userId, active: true }));
        if (!link || !user || !(await useLink(manager, link))) return false;
        const { email } = link;
        const others = [{ usernameKey: nameKey(email) }, { emailKey: nameKey(email) }];
        if (await manager.existsBy(User, others)) return false;
        await manager.update(
          User,
          { id: user.id },
          { email, emailKey: nameKey(email), version: user.version + 1 },
        );
        await keepSearchable(manager, [user.id]);
        await post(manager, 'email_changed', recipientOf(user, settings));
        const subject = { kind: 'user', id: user.id, name: user.username };
        const details = { email: { old: user.email, new: email } };
        const who = { id: user.id, username: user.username, ...actor };
        await record(manager, who, { action: 'email.changed', subject, details });
        return true;
      });
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  private async wrongWith(email: string, person: SignedIn): Promise<string | undefined> {
    if (mailRoute() === 'none')
      return 'Mail is not set up, so the new address cannot be confirmed: ask your administrator to change it.';
    if (!isAddress(email)) return 'Give one address such as name@example.com.';
    if (email === person.email) return 'This is your address already.';
    // A username with @ is the user's own email (PRODUCT.md section 3).
    if (person.username.includes('@'))
      return 'Your username is your email address: ask your administrator to change both.';
    const others = [{ usernameKey: nameKey(email) }, { emailKey: nameKey(email) }];
    if (await this.database.read.existsBy(User, others)) return 'Somebody has this already: use another one.';
    return undefined;
  }
}
