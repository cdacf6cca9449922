/**
 * Do one thing and then another, whether or not the first failed. When the first fails, its error is the one thrown: that the second
 * failed too is most often its consequence, and goes to `alsoFailed`.
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
