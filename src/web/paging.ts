// Keyset paging: a page begins after the key of a row, or ends before it. The last page costs as little as the first.

export const pageSize = 50;

/** Totals are counted up to here, beyond it a page says "1,000+". */
export const mostCounted = 1000;

/** Where a page lies: after a key, before one, or at the beginning. */
export interface Place {
  after?: string;
  before?: string;
}

export interface Page<T> {
  rows: T[];
  previous?: Place;
  next?: Place;
}

/**
 * Cuts a page out of what was found and says where its neighbours lie.
 * @param found up to `pageSize` + 1 rows in the order of the search: rising keys, falling ones where `place` has `before`
 */
export function cutPage<T>(found: T[], place: Place, keyOf: (row: T) => string): Page<T> {
  const backwards = place.before !== undefined;
  const more = found.length > pageSize;
  const rows = found.slice(0, pageSize);
  if (backwards) rows.reverse();
  if (rows.length === 0) return { rows };
  const hasPrevious = backwards ? more : place.after !== undefined;
  const hasNext = backwards || more;
  return {
    rows,
    previous: hasPrevious ? { before: keyOf(rows[0]) } : undefined,
    next: hasNext ? { after: keyOf(rows[rows.length - 1]) } : undefined,
  };
}

/** The address of a neighbouring page that keeps the filters; undefined where there is no such page. */
export function pageAddress(
  path: string,
  filters: Record<string, string | number | undefined>,
  place: Place | undefined,
): string | undefined {
  if (!place) return undefined;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...place })) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `${path}?${query.toString()}`;
}
