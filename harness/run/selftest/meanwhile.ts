import { setTimeout as passes } from 'node:timers/promises';
import type { Lab } from '../../../clusters/lab/lab.ts';

/** What happens during the captures, before the flows are driven. */
export type Meanwhile = 'idle-minute' | 'heavy-load';

const MINUTE_MS = 60_000;
/** Pings each way: a burst that fills the rings of all captures many times, within a few seconds on an emulated machine. */
const FLOOD = ['-f', '-q', '-c', '600', '-s', '1200'];
const FLOOD_LIMIT_MS = 120_000;

/** Nothing for a minute, or as much as the pods can send between every ordered pair of nodes. */
export async function meanwhile(kind: Meanwhile, lab: Lab, signal: AbortSignal): Promise<void> {
  if (kind === 'idle-minute') {
    await passes(MINUTE_MS, undefined, { signal });
    return;
  }
  const { nodes, pods } = lab.description;
  const first = nodes.flatMap(({ name }) => pods.find(({ node }) => node === name) ?? []);
  await Promise.all(
    first.flatMap((from) =>
      first
        .filter((to) => to !== from)
        .map(async (to) => {
          const argv = ['ping', ...FLOOD, to.addresses[0] ?? ''];
          const { exitCode, stderr } = await lab.pod(`${from.namespace}/${from.name}`).run(argv, { timeoutMs: FLOOD_LIMIT_MS, signal });
          if (exitCode !== 0) throw new Error(`${from.name}: ${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
        }),
    ),
  );
}
