// What the steps of the wizard show: controls made from the catalogue, the file's columns and the present answers.
import { mailIsSetUp } from '../mail/route.js';
import { inFile, userFields, type UserField } from '../users/user-fields.js';
import type { TenantDirectory } from '../users/tenant-directory.js';
import { timezoneNames } from '../web/timezones.js';
import { defaultText } from '../users/default-words.js';
import { languages, type Translate } from '../web/texts.js';
import { one, type Answers, type Step } from './answers.js';
import type { Import } from './import.entity.js';
import { columnNames, isPasswordHeader } from './column-names.js';
import { namesField } from './match-fields.js';
import { readable } from './readable.js';

/** One select with its options, ready for views/import/_choice.hbs. */
export interface Choice {
  name: string;
  /** Ready text. */
  label: string;
  options: { value: string; label: string; selected: boolean; samples?: string }[];
  help?: string;
  required?: boolean;
  /** Sample values of the chosen column. */
  samples?: string;
  multiple?: boolean;
  searchable?: boolean;
  /** Typed in instead of chosen. */
  typed?: { value: string };
  /** A column that may be meant: the value of the button that takes it, its name and samples. */
  perhaps?: { take: string; column: string; samples: string };
}

const samplesShown = 3;

const steps: { step: 'upload' | Step | 'review'; label: string }[] = [
  { step: 'upload', label: 'Upload' },
  { step: 'fields', label: 'Required Fields' },
  { step: 'security', label: 'Security' },
  { step: 'options', label: 'Optional Fields' },
  { step: 'review', label: 'Review' },
];

/** All steps for views/import/_steps.hbs; those between the upload and the present one can be opened again. */
export function stepsOf(present: 'upload' | Step | 'review', draft?: Import) {
  const here = steps.findIndex(({ step }) => step === present);
  return steps.map(({ step, label }, index) => ({
    label,
    current: index === here,
    done: index < here,
    href: draft && index > 0 && index < here ? `/imports/${draft.id}/${step}` : undefined,
  }));
}

export class WizardView {
  private readonly columns: string[];

  constructor(
    private readonly draft: Import,
    private readonly sample: string[][],
    private readonly tenant: TenantDirectory,
    private readonly t: Translate,
  ) {
    this.columns = columnNames(draft.reading.headers, t);
  }

  /** What a person should know of the columns before choosing among them. */
  oddities() {
    const { headers, headerRow, headerChosen } = this.draft.reading;
    const secret = this.columns.filter((_, index) => isPasswordHeader(headers[index]));
    const isNamed = headerRow === 0 || headerChosen || headers.some(namesField);
    return {
      secret: secret.map((name) => `“${name}”`).join(' '),
      single: headers.length === 1,
      nameless: headers.length > 1 && !isNamed && one(this.answers['email.column']) === '',
    };
  }

  /** The first rows of the file. */
  preview(rows: number): string[][] {
    return this.sample.slice(0, rows).map((cells) => cells.map(readable));
  }

  /** The five things to settle. */
  fields() {
    return {
      username: this.column('username'),
      email: this.column('email'),
      extension: this.column('extension'),
      generate: Boolean(one(this.answers['extension.generate'])),
      role: this.source('roles', []),
      roleValue: this.value('roles'),
      // The one thing that nothing could be told about: the page begins there.
      asksForRole: one(this.answers['role.source']) === 'dialer' && one(this.answers['role.value']) === '',
      sip: this.sip(),
      sipColumn: this.select('sip.column', this.t('SIP Settings column'), this.columnOptions('sip.column')),
      pbxDomain: this.source('pbxDomain', []),
      pbxDomainValue: this.value('pbxDomain'),
      pbxDevice: this.column('pbxDevice'),
      customUri: this.column('customUri'),
    };
  }

  /** Second factor and limits for all rows. */
  security() {
    const field = (name: string) => userFields.find((candidate) => candidate.name === name)!;
    const limits = ['sessionTtl', 'maxSessions'].map((name) =>
      this.all(field(name), this.t('Default from Role/Tenant')),
    );
    const flags = ['extendedAcl', 'fullRecordingAccess'].map((name) => ({
      name,
      label: field(name).label,
      help: field(name).help,
      checked: Boolean(one(this.answers[name])),
    }));
    const opened = [...limits.map(({ name }) => name), ...flags.map(({ name }) => name)].some(
      (name) => one(this.answers[name]) !== '',
    );
    return { twoFactor: this.all(field('twoFactor'), this.defaultTwoFactor()), limits, flags, opened };
  }

  /** Everything else that a file can say; what has no source yet waits behind More Fields. */
  options() {
    const choices = userFields
      .filter(({ wizard }) => wizard === 'optional')
      .map((field) => ({
        source: this.source(field.name, [['', 'Leave empty']]),
        value: this.value(field.name),
        given: `${field.name}.source=dialer`,
      }));
    const isOpen = ({ source }: { source: Choice }) => one(this.answers[source.name]) !== '';
    return {
      open: choices.filter(isOpen),
      more: choices.filter((choice) => !isOpen(choice)),
      digitsOnly: Boolean(one(this.answers.digitsOnly)),
      byMail: mailIsSetUp(),
      invite: Boolean(one(this.answers.invite)),
    };
  }

  private get answers(): Answers {
    return this.draft.answers;
  }

  private column(name: string): Choice {
    const field = userFields.find((candidate) => candidate.name === name)!;
    const control = `${name}.column`;
    const options = [this.option(control, '', this.t('Choose a column')), ...this.columnOptions(control)];
    return {
      ...this.select(control, this.t(field.label), options),
      help: field.help,
      required: Boolean(field.required),
      perhaps: this.perhaps(name, control, ''),
    };
  }

  private source(name: string, more: [string, string][]): Choice {
    const field = userFields.find((candidate) => candidate.name === name)!;
    const { name: asked, label } = inFile(field);
    const control = `${asked}.source`;
    const fixed = [...more, ['dialer', 'From Dialer'] as const].map(([value, text]) =>
      this.option(control, value, this.t(text)),
    );
    const choice = this.select(control, this.t(label), [...fixed, ...this.columnOptions(control, 'column:')]);
    return {
      ...choice,
      help: field.help,
      required: Boolean(field.required),
      perhaps: this.perhaps(name, control, 'column:'),
    };
  }

  /** Nothing once a column is chosen. */
  private perhaps(name: string, control: string, prefix: string): Choice['perhaps'] {
    const position = this.draft.reading.perhaps?.[name];
    if (!position || isPasswordHeader(this.draft.reading.headers[position - 1])) return undefined;
    const chosen = one(this.answers[control]);
    if (chosen !== '' && chosen !== 'dialer') return undefined;
    return {
      take: `${control}=${prefix}${position}`,
      column: this.columns[position - 1],
      samples: this.samplesOf(position - 1),
    };
  }

  /** The value for all rows. */
  private value(name: string): Choice {
    const field = userFields.find((candidate) => candidate.name === name)!;
    const { name: asked, label } = inFile(field);
    const control = `${asked}.value`;
    const text = this.t(field.kin ? '{{label}} from Dialer' : '{{label}} for all users', {
      label: this.t(label),
    });
    if (['text', 'ratio'].includes(field.kind)) {
      return { name: control, label: text, options: [], typed: { value: one(this.answers[control]) } };
    }
    const several = field.kind === 'several' && name !== 'roles';
    const empty = several ? [] : [this.option(control, '', this.t('Choose one'))];
    const options = [
      ...empty,
      ...this.valuesOf(field).map(({ value, label: shown }) => this.option(control, value, shown)),
    ];
    const chosen = [this.answers[control] ?? ''].flat();
    const known = options.map((option) => ({ ...option, selected: chosen.includes(option.value) }));
    return {
      ...this.select(control, text, known),
      multiple: several,
      searchable: several || options.length > 15,
    };
  }

  private valuesOf(field: UserField): { value: string; label: string }[] {
    if (field.kin)
      return this.tenant.all[field.kin].map(({ id, name }) => ({ value: String(id), label: name }));
    if (field.kind === 'flag')
      return [
        { value: 'yes', label: this.t('Yes') },
        { value: 'no', label: this.t('No') },
      ];
    if (field.kind === 'language') return languages.map(({ code, name }) => ({ value: code, label: name }));
    if (field.kind === 'timezone') return timezoneNames().map((zone) => ({ value: zone, label: zone }));
    return (field.choices ?? []).map(({ value, label }) => ({ value, label: this.t(label) }));
  }

  private sip(): Choice {
    const field = userFields.find(({ name }) => name === 'sip')!;
    const options = [...(field.choices ?? []), { value: 'file', label: 'From file' }];
    const control = 'sip.source';
    return {
      ...this.select(
        control,
        this.t(field.label),
        options.map(({ value, label }) => this.option(control, value, this.t(label))),
      ),
      help: field.help,
      required: true,
    };
  }

  private all(field: UserField, byDefault: string): Choice {
    const options = (field.choices ?? []).map(({ value, label }) =>
      this.option(field.name, value, this.t(label)),
    );
    return {
      ...this.select(field.name, this.t(field.label), [this.option(field.name, '', byDefault), ...options]),
      help: field.help,
    };
  }

  // "Default from Role/Tenant (Agent: Disabled)" where one role serves all rows.
  private defaultTwoFactor(): string {
    const text = this.t('Default from Role/Tenant');
    if (one(this.answers['role.source']) !== 'dialer') return text;
    const role = this.tenant.all.roles.find(({ id }) => String(id) === one(this.answers['role.value']));
    if (!role) return text;
    return defaultText(
      userFields.find(({ name }) => name === 'twoFactor')!,
      [role.id],
      this.tenant,
      this.t,
    );
  }

  private columnOptions(control: string, prefix = '') {
    return this.columns.flatMap((name, index) => {
      if (isPasswordHeader(this.draft.reading.headers[index])) return [];
      return { ...this.option(control, `${prefix}${index + 1}`, name), samples: this.samplesOf(index) };
    });
  }

  private samplesOf(index: number): string {
    const values = this.sample.map((row) => readable(row[index] ?? '').trim()).filter(Boolean);
    return [...new Set(values)]
      .slice(0, samplesShown)
      .map((value) => (value.length > 40 ? `${value.slice(0, 40)}…` : value))
      .join(' · ');
  }

  private option(control: string, value: string, label: string) {
    return { value, label, selected: one(this.answers[control]) === value };
  }

  private select(name: string, label: string, options: Choice['options']): Choice {
    return { name, label, options, samples: options.find(({ selected }) => selected)?.samples };
  }
}
