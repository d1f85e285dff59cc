import { BadRequestException, Body, Controller, Get, Post, Render, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Allow, Signed, type SignedIn } from '../web/allow.js';
import { done, readerOf, refused } from '../web/answers.js';
import { differences } from '../web/outcome.js';
import type { Translate } from '../web/texts.js';
import { settingFields, settingParts, type SettingField } from './setting-fields.js';
import { SettingsService } from './settings.service.js';
import type { TenantSettings } from './tenant-settings.js';

type Texts = Partial<Record<keyof TenantSettings, string>>;

@Controller('settings')
@Allow('settings.manage')
export class SettingsController {
  constructor(private readonly settings: SettingsService) {}

  @Get()
  @Render('settings/settings')
  async show(@Res({ passthrough: true }) response: Response) {
    return page(textsOf(await this.settings.current()), await this.settings.version(), readerOf(response));
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
      return refused(response, 'settings/settings', page(texts, version, t), outcome);
    if ('made' in outcome) return done(request, response, '/settings', 'The settings were saved.');
    const theirs = textsOf(outcome.newer);
    const both = settingFields.map(({ name, label }) => ({
      label,
      yours: texts[name] ?? '',
      theirs: theirs[name] ?? '',
    }));
    const model = { ...page(texts, await this.settings.version(), t), conflict: differences(both) };
    return response.status(409).render('settings/settings', model);
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

function page(texts: Texts, version: number, t: Translate) {
  const parts = Object.keys(settingParts) as SettingField['part'][];
  return {
    title: 'Settings',
    version,
    parts: parts.map((part) => ({
      heading: settingParts[part],
      fields: settingFields
        .filter((field) => field.part === part)
        .map((field) => fieldView(field, texts[field.name] ?? '', t)),
    })),
  };
}

function fieldView(field: SettingField, text: string, t: Translate) {
  const { options, ...rest } = field;
  const shown = options?.().map(({ value, label }) => ({ value, label: t(label), selected: value === text }));
  return { ...rest, value: text, checked: text === 'on', options: shown };
}
