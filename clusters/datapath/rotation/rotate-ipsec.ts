import { applyScript } from '../apply.ts';
import { type DatapathContext, ipsecOptions, lookUp } from '../context.ts';
import { type IpsecKey, kindOf, newIpsecKey } from '../keys/ipsec-key.ts';
import { markingScript, xfrmScript } from '../lifecycle/change-script.ts';
import { type PlanDifference, planDifference, policyDeletion } from '../lifecycle/plan-difference.ts';
import { plansOf } from '../lifecycle/reconfigure.ts';
import { encryptMark } from '../marks.ts';
import { policiesPlan } from '../plan/ipsec-policies.ts';
import type { View } from '../topology.ts';
import type { RotationStep } from './rotate.ts';

/** Key ids are 1 to 15 and start over (pkg/datapath/linux/ipsec: the SPI is four bits of the mark). */
const LAST_ID = 15;

/** Milliseconds a node is left without anything that sends, in the fault that deletes first. */
const GAP_MS = 1000;

/** One node's part in a rotation. */
interface Part {
  readonly view: View;
  readonly node: string;
  readonly difference: PlanDifference;
}

/**
 * The Secret changes, and the agents follow as real ones were seen to: SAs that decrypt under the new key first, then what sends under
 * it, then the new id is published, then each sender switches in one transaction, then a time in which both live, then the old goes.
 */
export async function rotateIpsec(context: DatapathContext, step: RotationStep): Promise<void> {
  const { course, options } = context;
  const old = context.ipsecKey;
  const next = nextKey(old, course.sameKey);
  const before = plansOf(context);
  for (const { self } of context.views) context.publishedIds.set(self.name, old.id);
  context.ipsecKey = next;
  await step('secret-changed', { spi: next.id, from: old.id });
  const after = plansOf(context);
  const parts = context.views
    .filter(({ self }) => !course.leftBehind.has(self.name))
    .map((view): Part => {
      const node = view.self.name;
      return { view, node, difference: planDifference(lookUp(before, node, 'plan'), lookUp(after, node, 'plan')) };
    });
  const each = async (name: string, spi: number, script: (part: Part) => string): Promise<void> => {
    for (const part of parts) {
      await step(name, { node: part.node, spi });
      await applyScript(options.host(part.node), script(part), `${name} in the rotation on ${part.node}`);
    }
  };
  await each('in-states-added', next.id, ({ difference }) => xfrmScript(difference.states.filter(decrypts)));
  const early = parts.filter(({ node }) => course.removesFirst.has(node));
  for (const part of early) await removeFirst(context, part, old, step);
  await each('out-states-added', next.id, ({ difference }) =>
    xfrmScript([...difference.states.filter((line) => !decrypts(line)), ...difference.policies]),
  );
  for (const { node } of parts) {
    context.publishedIds.set(node, next.id);
    await step('published', { node, spi: next.id });
  }
  await each('switched', next.id, ({ view, difference }) => markingScript(markedFor(context, view, difference, old, next)));
  await step('grace-started', { spi: old.id, waitMs: course.graceMs });
  const leaving = (part: Part, lines: readonly string[]) => (course.keepsOld.has(part.node) || early.includes(part) ? [] : lines);
  await each('old-out-removed', old.id, (part) =>
    xfrmScript(leaving(part, [...part.difference.gone.policies, ...part.difference.gone.states.filter((line) => !decrypts(line))])),
  );
  await each('old-in-removed', old.id, (part) =>
    xfrmScript(course.keepsOld.has(part.node) ? [] : part.difference.gone.states.filter(decrypts)),
  );
}

/** @throws RangeError never: the id follows from the old one, 15 by 1 */
function nextKey(old: IpsecKey, same: boolean): IpsecKey {
  const id = old.id === LAST_ID ? 1 : old.id + 1;
  return same ? { ...old, id } : newIpsecKey(id, old.perTunnel, kindOf(old));
}

/** Whether a line adds or deletes an SA that decrypts: its mark is 0xd00. */
function decrypts(line: string): boolean {
  return /^xfrm state .* mark 0x[0-9a-f]*d00 mask /.test(line);
}

/** The mistake of the wrong order: nothing sends under either key for a while. */
async function removeFirst(context: DatapathContext, { view, node, difference }: Part, old: IpsecKey, step: RotationStep): Promise<void> {
  const { withBlock } = context.course.removesFirst.get(node) ?? { withBlock: true };
  const block = policiesPlan(ipsecOptions(context), view).filter((line) => / action block /.test(line));
  const sending = [...difference.gone.policies, ...difference.gone.states.filter((line) => !decrypts(line))];
  const lines = [...sending, ...(withBlock ? [] : block.map(policyDeletion))];
  await applyScript(context.options.host(node), xfrmScript(lines), `deleting the old key first on ${node}`);
  await step('old-out-removed-early', { node, spi: old.id, waitMs: GAP_MS });
}

/** A sender uses the new id only towards peers that published it: the marks towards the others stay those of the old one. */
function markedFor(context: DatapathContext, view: View, difference: PlanDifference, old: IpsecKey, next: IpsecKey) {
  const waiting = view.peers.filter((peer) => context.publishedIds.get(peer.name) !== next.id);
  const kept = (line: string) =>
    waiting.reduce((text, { id }) => text.replaceAll(`${encryptMark(id, next.id)} `, `${encryptMark(id, old.id)} `), line);
  return { nft: difference.nft.map(kept), tc: difference.tc.map(kept) };
}
