// What people call the thing they sign in with, from what their browser says of itself. It may say anything: this is a help
// to recognise a session, never a proof.

const browsers: [string, RegExp][] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Samsung', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/.*\bSafari\//],
];

const systems: [string, RegExp][] = [
  ['Windows', /\bWindows\b/],
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
];

/** Browser and system, as far as they are known: `Chrome, Windows`. Something else is shown as it is, nothing as undefined. */
export function deviceOf(agent: string): string | undefined {
  const found = [browsers, systems].map((names) => names.find(([, pattern]) => pattern.test(agent))?.[0]);
  const known = found.filter((name) => name !== undefined);
  return known.join(', ') || agent.trim() || undefined;
}
