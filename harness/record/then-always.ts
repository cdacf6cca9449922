/**
 * Do one thing and then another, even if the first failed. If both fail, the first error is thrown, because the second is usually its
 * consequence; the second goes to `alsoFailed`.
 */
export async function thenAlways(
  first: () => Promise<void>,
  second: () => Promise<void>,
  alsoFailed: (error: unknown) => void,
): Promise<void> {
  try {
    await first();
  } catch (error) {
    await second().catch(alsoFailed);
    throw error;
  }
  await second();
}
