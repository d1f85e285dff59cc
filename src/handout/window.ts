// How long temporary passwords are kept to be handed out: until Continue, until 15 minutes after the first complete
// download, or until 24 hours after they were made (PRODUCT.md section 5).
import { hour, minute, now } from '../web/clock.js';

const afterDownload = 15 * minute;
const afterEnd = 24 * hour;

/** What happened to them so far, in milliseconds since 1970; null = not yet. */
export interface HandoutTimes {
  finishedAt: number | null;
  /** First complete download. */
  downloadedAt: number | null;
  secretsWipedAt: number | null;
}

/** When they are wiped at the latest; Infinity while they are still being made. */
export function wipedAt({ finishedAt, downloadedAt }: HandoutTimes): number {
  if (finishedAt === null) return Infinity;
  return Math.min(finishedAt + afterEnd, downloadedAt === null ? Infinity : downloadedAt + afterDownload);
}

/** True while they can be downloaded. */
export function isKept(times: HandoutTimes): boolean {
  return times.finishedAt !== null && times.secretsWipedAt === null && wipedAt(times) > now();
}
