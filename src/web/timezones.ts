// The timezones that can be chosen: those that this Node.js knows, by their names in the IANA list.

let zones: Map<string, string> | undefined;

function known(): Map<string, string> {
  return (zones ??= new Map(
    ['UTC', ...Intl.supportedValuesOf('timeZone')].map((zone) => [zone.toLowerCase(), zone]),
  ));
}

/** The zone of that name, ignoring case; undefined when there is none. */
export function timezoneNamed(text: string): string | undefined {
  return known().get(text.toLowerCase());
}

/** All of them, as selects show them. */
export function timezoneNames(): string[] {
  return [...known().values()];
}
