// Which virtual extension is free. Emergency numbers are never given (PRODUCT.md section 3).

export interface Range {
  from: number;
  to: number;
}

/**
 * The lowest numbers of the range that are neither taken nor emergency numbers, in rising order.
 * @param count how many are wanted; fewer come back when the range is used up
 */
export function lowestFree(
  range: Range,
  isTaken: (extension: number) => boolean,
  emergency: readonly number[],
  count: number,
): number[] {
  const free: number[] = [];
  const never = new Set(emergency);
  for (let number = range.from; number <= range.to && free.length < count; number++)
    if (!isTaken(number) && !never.has(number)) free.push(number);
  return free;
}

/** How many numbers of the range are free. */
export function countFree(range: Range, takenInRange: number, emergency: readonly number[]): number {
  const reserved = new Set(emergency.filter((number) => number >= range.from && number <= range.to)).size;
  return Math.max(0, range.to - range.from + 1 - takenInRange - reserved);
}
