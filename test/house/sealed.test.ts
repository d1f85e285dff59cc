// Whoever seals a text is known to the change of keys, so that nothing is lost with the old one.
import { filesBelow } from './files.js';

test('every file that seals a text is known: what it stores is sealed anew, or short-lived', () => {
  const files = filesBelow('src', '.ts').filter(({ text }) =>
    /import \{[^}]*\bseal\b[^}]*\} from '[./]*database\/sealed\.js'/.test(text),
  );
  // A new one: name its column in src/keys/sealed-columns.ts, then its file here.
  expect(files.map(({ path }) => path)).toEqual([
    // Also in the session, while an app is being set up.
    'src/access/authenticator.service.ts',
    'src/access/second-factor.service.ts',
    'src/import/run-imports.ts',
    'src/keys/key-check.ts',
    'src/keys/resealer.ts',
    'src/mail/outbox.ts',
    'src/users/mass-actions-runner.ts',
  ]);
});
