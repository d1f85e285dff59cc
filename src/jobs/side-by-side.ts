/**
 * Does asynchronous work for each item, only so many at a time.
 * @param lanes how many at a time
 * @returns the results in the order of the items; the first failure fails all
 */
export async function sideBySide<Item, Result>(
  items: Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
