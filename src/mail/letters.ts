// Every letter that Rollcall writes: plain text, in the language of its reader. `{{…}}` stands for one of the letter's values.
import { publicUrl } from '../web/environment.js';
import { translator } from '../web/texts.js';

interface Letter {
  /** Holds no value: whatever a file brought in stays out of headers. */
  subject: string;
  /** Paragraphs. */
  text: readonly string[];
}

const notYou =
  'If it was not you: somebody else may know your password. Change it, and tell your administrator.';

export const letters = {
  test: {
    subject: 'Test mail',
    text: ['This is the test mail that you asked for on the settings page. Mail works.'],
  },
  sign_in_code: {
    subject: 'Your sign-in code',
    text: [
      'Your code is {{code}}.',
      'Type it where you are signing in. It is good for 10 minutes and for one sign-in, in the browser that asked for it. Give it to nobody.',
      notYou,
    ],
  },
  wrong_codes: {
    subject: 'Wrong codes at your sign-in',
    text: [
      'Somebody signed in with your username and your password from {{address}}, and then typed a wrong code several times.',
      notYou,
    ],
  },
  account_blocked: {
    subject: 'An account is blocked after many wrong codes',
    text: [
      'The account {{username}} is blocked after 100 wrong codes in a row. Somebody may know its password.',
      'Speak with its owner, then reset the password or the authenticator on the page of the user.',
    ],
  },
  authenticator_set_up: {
    subject: 'An authenticator was set up',
    text: [
      'From now on a code of your app is asked when you sign in. It was set up from {{address}}.',
      'If it was not you: tell your administrator at once.',
    ],
  },
  authenticator_reset: {
    subject: 'Your authenticator was reset',
    text: [
      '{{by}} has reset your authenticator. The reason given: {{reason}}',
      'The codes of your app and your recovery codes are no longer good, and you were signed out everywhere. If a second factor is due, the next sign-in shows a new QR code.',
      'If you did not expect this: tell your administrator at once.',
    ],
  },
  recovery_code_used: {
    subject: 'A recovery code was used',
    text: [
      'Somebody signed in to your account with one of your recovery codes, from {{address}}. Recovery codes left: {{left}}.',
      notYou,
    ],
  },
  recovery_codes_made: {
    subject: 'New recovery codes were made',
    text: [
      'New recovery codes were made for your account, from {{address}}. The old ones are no longer good.',
      'If it was not you: tell your administrator at once.',
    ],
  },
  password_changed: {
    subject: 'Your password was changed',
    text: [
      'The password of your account was changed, from {{address}}. You were signed out everywhere else.',
      'If it was not you: tell your administrator at once.',
    ],
  },
  password_chosen_by_link: {
    subject: 'Your password was changed',
    text: [
      'A new password was chosen for your account with the link that was mailed to you, from {{address}}. You were signed out everywhere.',
      'If it was not you: somebody else reads your mail. Tell your administrator at once.',
    ],
  },
  password_reset: {
    subject: 'Your password was reset',
    text: [
      '{{by}} has reset your password. The old one is no longer good, and you were signed out everywhere. Your administrator gives you a temporary one, with which you choose a new password of your own.',
      'If you did not expect this: tell your administrator at once.',
    ],
  },
  password_link: {
    subject: 'Choose a new password',
    text: [
      'Somebody asked for a new password for your account. Open this address to choose one:',
      '{{link}}',
      'It works once, for 30 minutes. If you did not ask for it, do nothing: your password stays as it is.',
    ],
  },
  invitation: {
    subject: 'Your new account',
    text: [
      'An account was made for you. Your username is {{username}}.',
      'Open this address to choose a password, then sign in with it:',
      '{{link}}',
      'It works once, within {{hours}} hours. Keep it to yourself. When it is over or lost, ask your administrator for a new one.',
    ],
  },
  email_confirmation: {
    subject: 'Confirm your new email address',
    text: [
      'Open this address to confirm that mail for your account goes here from now on:',
      '{{link}}',
      'It works once, for 30 minutes. If you know nothing of it, do nothing.',
    ],
  },
  email_change_asked: {
    subject: 'Your email address is about to change',
    text: [
      'Somebody who is signed in to your account, from {{address}}, asked to change its email address. It changes as soon as it is confirmed at the new one.',
      notYou,
    ],
  },
  email_changed: {
    subject: 'Your email address was changed',
    text: [
      'Mail for your account goes to another address from now on.',
      'If it was not you: tell your administrator at once.',
    ],
  },
} satisfies Record<string, Letter>;

export type LetterKind = keyof typeof letters;

/** What a letter says about itself. Codes and links are among them, so they are kept sealed. */
export interface LetterValues {
  /** Of the reader: name or username. */
  name: string;
  [value: string]: string | number;
}

/** Subject and text of a letter in a language. */
export function write(
  kind: LetterKind,
  values: LetterValues,
  language: string,
): { subject: string; text: string } {
  const t = translator(language);
  const letter: Letter = letters[kind];
  const paragraphs = [
    t('Hello {{name}},', { name: values.name }),
    ...letter.text.map((paragraph) => t(paragraph, values)),
    t('This mail was written by Rollcall at {{address}}. Nobody reads answers to it.', {
      address: publicUrl(),
    }),
  ];
  return { subject: t(letter.subject), text: `${paragraphs.join('\n\n')}\n` };
}
