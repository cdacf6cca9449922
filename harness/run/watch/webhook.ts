/** What is told to a webhook: a small object without addresses, names of pods or anything secret. */
export interface Alert {
  readonly tool: 'wirewitness';
  readonly alert: 'readable-frames' | 'minute-not-reconciled';
  readonly mode: string;
  readonly routing: string;
  readonly profile: string;
  /** ISO 8601, when it was found. */
  readonly at: string;
  /** Readable frames, or minutes that do not reconcile, so far. */
  readonly count: number;
}

const LIMIT_MS = 10_000;

/** Posts one alert. Rejects with a message that does not have the address: it may hold a token. */
export async function postAlert(url: URL, alert: Alert): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alert),
    redirect: 'error',
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch((error: unknown) => {
    const name = error instanceof Error ? error.name : 'error';
    throw new Error(name === 'TimeoutError' ? `no answer in ${LIMIT_MS / 1000} s` : 'it could not be reached');
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered with ${answer.status}`);
}
