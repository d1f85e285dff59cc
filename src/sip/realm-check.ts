// Every stored SIP hash holds the realm: with another one no phone would register, and nobody could say why.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Not } from 'typeorm';
import { Database, StartError } from '../database/database.js';
import { environment } from '../web/environment.js';
import { SipCredential } from './sip-credential.entity.js';

@Injectable()
export class RealmCheck implements OnApplicationBootstrap {
  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    const { realm } = environment().sip;
    const [other] = await this.database.read.find(SipCredential, { where: { realm: Not(realm) }, take: 1 });
    if (!other) return;
    throw new StartError(
      `SIP_REALM wants ${other.realm} (not ${realm}): the SIP passwords of this database were made for it. README.md says under “Connect your phones” how to change it: every phone then needs a new SIP password`,
    );
  }
}
