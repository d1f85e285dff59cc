import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
import { Database } from '../database/database.js';
import { Allow } from './allow.js';

@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  /** The process is alive. */
  @Get('healthz')
  @Allow('monitor')
  alive() {
    return 'ok\n';
  }

  /** The database answers too. */
  @Get('readyz')
  @Allow('monitor')
  async ready() {
    await this.database.read.query('SELECT 1').catch(() => {
      throw new ServiceUnavailableException('The database does not answer.');
    });
    return 'ok\n';
  }
}
