/** Waits until something holds that happens after an answer was sent; throws what is wrong with it after 5 s. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  for (const begun = Date.now(); ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - begun > 5000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
