import { BadRequestException, Body, Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { dialingOf } from '../users/effective.js';
import { factorWords } from '../users/factor-words.js';
import { deviceOf } from '../sessions/device.js';
import { formField, typedFrom, typedIn, type Typed } from '../users/user-form.js';
import { emptyUser, userField } from '../users/user-fields.js';
import { listInLine, type AddressSettings } from '../settings/address-list.js';
import { Allow, Proof, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused } from '../web/answers.js';
import { IdPipe } from '../web/id.pipe.js';
import { differences } from '../web/outcome.js';
import { AuthenticatorService, type OwnFactor } from './authenticator.service.js';
import { AccountService, profileFields, type Profile } from './account.service.js';

@Controller('account')
@Allow('signed-in')
export class AccountController {
  constructor(
    private readonly account: AccountService,
    private readonly authenticators: AuthenticatorService,
  ) {}

  @Get()
  async show(@Signed() person: SignedIn, @Res() response: Response) {
    const user = await this.account.user(person);
    response.render('access/account', await this.page(typedOf(user), user.version, person, response));
  }

  @Post()
  async save(
    @Body() { version, ...body }: Record<string, unknown>,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (!/^\d{1,9}$/.test(String(version))) throw new BadRequestException();
    const typed = typedIn(body, profileFields);
    const outcome = await this.account.saveProfile(typed, Number(version), person);
    const page = await this.page(typed, Number(version), person, response);
    if (Array.isArray(outcome)) return refused(response, 'access/account', page, outcome);
    if ('made' in outcome) return done(request, response, '/account', 'Your profile was saved.');
    const theirs = typedOf(outcome.newer);
    const both = profileFields.map(({ name, label }) => ({
      label,
      yours: typed[name]?.[0] ?? '',
      theirs: theirs[name]?.[0] ?? '',
    }));
    const model = { ...page, version: outcome.newer.version, conflict: differences(both) };
    return response.status(409).render('access/account', model);
  }

  @Post('caldav-token/delete')
  async removeToken(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    await this.account.removeToken(person);
    done(request, response, '/account', 'Your CalDAV token was removed.');
  }

  @Post('sip-password')
  @Proof()
  async newSipPassword(@Signed() person: SignedIn, @Res() response: Response) {
    const account = await this.account.newSipPassword(person);
    response.status(200).render('access/sip-password', { title: 'New SIP Password', account });
  }

  @Post('sessions/:id/end')
  async endSession(
    @Param('id', IdPipe) id: number,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    await this.account.endSession(id, person);
    done(request, response, '/account', 'The session was ended.');
  }

  @Post('sessions/end')
  async endOthers(@Signed() person: SignedIn, @Req() request: Request, @Res() response: Response) {
    const count = await this.account.endOtherSessions(person, request.sessionID);
    done(request, response, '/account', '{{count}} other sessions were ended.', { count });
  }

  private async page(typed: Typed, version: number, person: SignedIn, response: Response) {
    const tenant = await this.account.tenant(person);
    const user = await this.account.user(person);
    const sessions = await this.account.listSessions(person);
    const factor = await this.authenticators.own(person);
    return {
      title: 'My Account',
      user: { ...user },
      sip: userField('sip').choices?.find(({ value }) => value === user.sip)?.label,
      callerId: tenant.all.callerIds.find(({ id }) => id === dialingOf(user, tenant.settings).callerId)?.name,
      addresses: addressesOf(tenant.settings, person),
      address: person.address,
      version,
      fields: profileFields.map((field) => formField(field, typed, tenant, readerOf(response))),
      sessions: sessions.map((session) => ({
        ...session,
        device: deviceOf(session.agent),
        own: session.id === person.sessionId,
      })),
      others: sessions.length > 1,
      factor: factorView(factor),
      phone: await this.account.phone(user, readerOf(response)),
    };
  }
}

function typedOf({ firstName, lastName, timezone, language }: Profile): Typed {
  return typedFrom({ ...emptyUser(), firstName, lastName, timezone, language }, profileFields);
}

// As views/access/_factor.hbs shows it.
function factorView({ authenticator, recoveryCodes, ...decided }: OwnFactor) {
  return { words: factorWords(decided), setUpAt: authenticator?.setUpAt, recoveryCodes };
}

// The networks of the lists that hold for a person; empty when the lists are off.
function addressesOf(settings: AddressSettings, { extendedAcl }: SignedIn): string[] {
  if (!settings.addressListsOn) return [];
  const lists = [settings.baseAddresses, ...(extendedAcl ? [settings.extendedAddresses] : [])];
  return lists.map(listInLine).filter(Boolean);
}
