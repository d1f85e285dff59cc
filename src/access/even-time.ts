const step = 250;

/**
 * Does work, and ends a whole number of quarters of a second after it began, also when it fails: how long it took must not
 * tell whether there is an account (SECURITY.md AU-1, AU-12; CWE-208).
 */
export async function inEvenTime<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  try {
    return await work();
  } finally {
    const rest = step - ((performance.now() - begun) % step);
    await new Promise((resolve) => setTimeout(resolve, rest));
  }
}
