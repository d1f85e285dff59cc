import { BadRequestException, Body, Controller, Get, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused } from '../web/answers.js';
import { MailStates } from '../mail/mail-state.js';
import { differences } from '../web/outcome.js';
import type { Translate } from '../web/texts.js';
import { ServerStates } from './server-states.js';
import { settingFields, settingParts, type SettingField } from './setting-fields.js';
import { SettingsService, type CallerIdChoice } from './settings.service.js';
import type { TenantSettings } from './tenant-settings.js';

const labels = Object.fromEntries(settingFields.map(({ name, label }) => [name, label]));

type Texts = Partial<Record<keyof TenantSettings, string>>;

@Controller('settings')
@Allow('settings.manage')
export class SettingsController {
  constructor(
    private readonly settings: SettingsService,
    private readonly mail: MailStates,
    private readonly servers: ServerStates,
  ) {}

  @Get()
  @Render('settings/settings')
  async show(@Res({ passthrough: true }) response: Response) {
    const texts = textsOf(await this.settings.current());
    return this.page(texts, await this.settings.version(), readerOf(response));
  }

  @Post()
  async save(
    @Body() body: Record<string, unknown>,
    @Signed() person: SignedIn,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const { texts, version } = typedIn(body);
    const outcome = await this.settings.save(texts, version, person);
    const t = readerOf(response);
    if (Array.isArray(outcome))
      return refused(response, 'settings/settings', await this.page(texts, version, t), outcome, labels);
    if ('made' in outcome) return done(request, response, '/settings', 'The settings were saved.');
    const theirs = textsOf(outcome.newer);
    const callerIds = await this.settings.callerIds();
    const both = settingFields.map((field) => ({
      label: field.label,
      yours: inWords(fieldView(field, texts[field.name] ?? '', callerIds, t), t),
      theirs: inWords(fieldView(field, theirs[field.name] ?? '', callerIds, t), t),
    }));
    const model = await this.page(texts, await this.settings.version(), t);
    return response.status(409).render('settings/settings', { ...model, conflict: differences(both) });
  }

  private async page(texts: Texts, version: number, t: Translate) {
    const callerIds = await this.settings.callerIds();
    const parts = Object.keys(settingParts) as SettingField['part'][];
    return {
      title: 'Settings',
      version,
      mail: await this.mail.now(),
      servers: await this.servers.now(),
      parts: parts.map((part) => ({
        heading: settingParts[part],
        fields: settingFields
          .filter((field) => field.part === part)
          .map((field) => fieldView(field, texts[field.name] ?? '', callerIds, t)),
      })),
    };
  }
}

// Every field once, as text; anything else is refused (SECURITY.md AZ-7).
function typedIn({ version, ...body }: Record<string, unknown>): { texts: Texts; version: number } {
  const names = settingFields.map(({ name }) => String(name));
  const odd = Object.entries(body).some(([name, text]) => !names.includes(name) || typeof text !== 'string');
  if (odd || !/^\d{1,16}$/.test(String(version))) throw new BadRequestException();
  return { texts: body, version: Number(version) };
}

function textsOf(settings: TenantSettings): Texts {
  return Object.fromEntries(settingFields.map(({ name, show }) => [name, show(settings[name])]));
}

function fieldView(field: SettingField, text: string, callerIds: CallerIdChoice[], t: Translate) {
  const { kin, options, ...rest } = field;
  const choices = kin
    ? [{ value: '', label: t('None') }, ...callerIds.map(callerIdOption)]
    : options?.().map(({ value, label }) => ({ value, label: t(label) }));
  const shown = choices?.map((choice) => ({ ...choice, selected: choice.value === text }));
  return { ...rest, value: text, checked: text === 'on', options: shown };
}

function callerIdOption({ id, name, number }: CallerIdChoice) {
  return { value: String(id), label: `${name} (${number})` };
}

// What stands in a control, as people read it.
function inWords({ control, checked, options, value }: ReturnType<typeof fieldView>, t: Translate): string {
  if (control === 'checkbox') return checked ? t('Yes') : t('No');
  return options ? (options.find(({ selected }) => selected)?.label ?? '–') : value;
}
