// Whether phones can register, as the settings page says it.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Database } from '../database/database.js';
import { ServerStates } from '../settings/server-states.js';
import { now } from '../web/clock.js';
import { environment } from '../web/environment.js';
import { SipKick } from './sip-kick.entity.js';
import { NoSipServer, serverVersion } from './sip-server.js';

@Injectable()
export class SipState implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly servers: ServerStates,
  ) {}

  onModuleInit(): void {
    this.servers.register('sip', () => this.now());
  }

  /** As views/sip/_state.hbs shows it. */
  private async now() {
    const { configured, realm, rpc, server, webSocketUrl } = environment().sip;
    if (!configured) return { configured };
    const late = { expiresAt: MoreThan(now()), attempts: MoreThan(0) };
    const waiting = await this.database.read.countBy(SipKick, late);
    return { configured, realm, rpc: rpc?.url, server, webSocketUrl, waiting, ...(await reached()) };
  }
}

async function reached(): Promise<{ version: string } | { problem: string }> {
  try {
    return { version: await serverVersion() };
  } catch (error) {
    if (error instanceof NoSipServer) return { problem: error.message };
    throw error;
  }
}
