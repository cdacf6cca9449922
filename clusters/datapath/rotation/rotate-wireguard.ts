import { setTimeout as pause } from 'node:timers/promises';
import { applyScript } from '../apply.ts';
import type { DatapathContext, RotationStep } from '../context.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { LayoutError } from '../layout-error.ts';
import { additionScript } from '../lifecycle/change-script.ts';
import { planDifference } from '../lifecycle/plan-difference.ts';
import { plansOf } from '../lifecycle/reconfigure.ts';
import { EMPTY_PLAN } from '../plan/node-plan.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';

/** The kernel makes a new session key after 120 s of use (REKEY_AFTER_TIME); a session is valid for at most 180 s (REJECT_AFTER_TIME). */
const REKEY_LIMIT_MS = 200_000;
const LOOK_MS = 1000;

/**
 * A new key pair of the last node: its device changes, it publishes the public half, the others configure it. Between the first and the
 * last step the node and the others do not know each other: old sessions still decrypt, and packets of the node wait in the kernel's queue
 * for a new session that a peer starts (none of 490 requests was lost in the lab).
 */
export async function rotateNodeKey(context: DatapathContext, step: RotationStep): Promise<void> {
  const last = context.views.at(-1);
  if (last === undefined) throw new RangeError('there is no node whose key could be rotated');
  const node = last.self.name;
  const before = plansOf(context);
  const pair = newWireguardKey();
  context.wireguardKeys.set(node, pair);
  const after = plansOf(context);
  await step('device-key-changed', { node });
  await reconfigureDevice(node);
  context.publishedKeys.set(node, pair.publicKey);
  await step('published', { node });
  for (const { self } of context.views) {
    if (self.name === node || context.course.leftBehind.has(self.name)) continue;
    await step('peer-updated', { node: self.name, peer: node });
    await reconfigureDevice(self.name);
  }
  await step('settling', { waitMs: context.course.graceMs });

  async function reconfigureDevice(name: string): Promise<void> {
    const difference = planDifference(before.get(name) ?? EMPTY_PLAN, after.get(name) ?? EMPTY_PLAN);
    await applyScript(context.options.host(name), additionScript(difference), `new WireGuard key of ${node} on ${name}`);
  }
}

/** Wait, during traffic, until the kernel of every node has started a new session with every peer. @throws LayoutError after 200 s */
export async function awaitNewSessions(context: DatapathContext, step: RotationStep): Promise<void> {
  const first = await sessions(context);
  await step('session-rekey-awaited', { rekeyAfterSeconds: 120 });
  const until = performance.now() + REKEY_LIMIT_MS;
  for (let now = first; [...now].some(([peer, at]) => at === first.get(peer)); now = await sessions(context)) {
    if (performance.now() > until) throw new LayoutError('the lab', `no new session on every peer within ${REKEY_LIMIT_MS / 1000} s`, '');
    await pause(LOOK_MS);
  }
  await step('session-rekeyed', {});
}

/** Time of the latest handshake by node and peer. */
async function sessions(context: DatapathContext): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { self } of context.views) {
    const text = await applyScript(
      context.options.host(self.name),
      `wg show ${WIREGUARD_DEVICE} latest-handshakes\n`,
      'reading handshakes',
    );
    for (const line of text.split('\n').filter((candidate) => candidate !== '')) {
      const [peer = '', at = ''] = line.split('\t');
      found.set(`${self.name} ${peer}`, at);
    }
  }
  return found;
}
