/** Waits until something holds that happens after an answer was sent; throws what is wrong with it after some ms. */
export async function eventually(check: () => Promise<void>, patience = 5000): Promise<void> {
  for (const begun = Date.now(); ;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() - begun > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
