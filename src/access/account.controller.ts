import { Controller, Get, Render } from '@nestjs/common';
import { Database } from '../database/database.js';
import { User } from '../users/user.entity.js';
import { userField } from '../users/user-fields.js';
import { Allow, Signed, type SignedIn } from '../web/allow.js';

@Controller('account')
export class AccountController {
  constructor(private readonly database: Database) {}

  @Get()
  @Allow('signed-in')
  @Render('access/account')
  async show(@Signed() person: SignedIn) {
    const user = await this.database.read.findOneByOrFail(User, { id: person.id });
    const sip = userField('sip').choices?.find(({ value }) => value === user.sip)?.label;
    return { title: 'My Account', user: { ...user }, sip };
  }
}
