// The files that the house rules look at.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface SourceFile {
  path: string;
  text: string;
}

/** All files with this ending below a folder of the project, by path. */
export function filesBelow(folder: string, ending: string): SourceFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  return paths.toSorted().map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

/** The text files that git tracks or is about to. */
export function trackedFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  const paths = listed.split('\0').filter((path) => path !== '' && existsSync(path));
  const files = paths.map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  return files.filter(({ text }) => !text.includes('\0'));
}
