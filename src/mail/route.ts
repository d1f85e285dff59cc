// Which way mail goes: through a mail server, into files, or nowhere (README, "Mail").
import { join } from 'node:path';
import { environment, publicUrl } from '../web/environment.js';

/**
 * `smtp` = by the mail server of SMTP_URL. Without one: `files`, as .eml under DATA_DIR, for trying Rollcall out; in
 * production `none`, because nobody looks for links and codes in a folder there.
 */
export function mailRoute(): 'smtp' | 'files' | 'none' {
  const { smtp, production, demo } = environment();
  if (smtp) return 'smtp';
  return production && !demo ? 'none' : 'files';
}

/** True when people can be expected to get their mail: codes by email may be chosen then. The demo's files count. */
export function mailIsSetUp(): boolean {
  const { smtp, demo } = environment();
  return smtp !== undefined || demo;
}

/** Where mail is written without a mail server. */
export function mailFolder(): string {
  return join(environment().dataDir, 'mail');
}

/** The sender's address: of SMTP_URL, else made from the host that people use. */
export function senderAddress(): string {
  const host = new URL(publicUrl()).hostname;
  return (
    environment().smtp?.from ??
    `rollcall@${/^[\d.]+$|^\[|^localhost$/.test(host) ? 'localhost.localdomain' : host}`
  );
}
