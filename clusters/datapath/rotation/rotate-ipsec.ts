import { applyScript } from '../apply.ts';
import type { RotationStep } from '../context.ts';
import { type DatapathContext, ipsecOptions, lookUp } from '../context.ts';
import { type IpsecKey, kindOf, newIpsecKey } from '../keys/ipsec-key.ts';
import { markingScript, xfrmScript } from '../lifecycle/change-script.ts';
import { type PlanDifference, planDifference, policyDeletion } from '../lifecycle/plan-difference.ts';
import { plansOf } from '../lifecycle/reconfigure.ts';
import { encryptMark } from '../marks.ts';
import { policiesPlan } from '../plan/ipsec-policies.ts';
import type { View } from '../topology.ts';

/** Key ids are 1 to 15 and start over (pkg/datapath/linux/ipsec: the SPI is four bits of the mark). */
const LAST_ID = 15;

/** Duration of an error of the order, milliseconds: long enough to be in a sample of the kernel if only that shows it. */
const GAP_MS = { 'out-blocked': 1000, 'out-unblocked': 1000, in: 4000 } as const;

/** One node's part in a rotation. */
interface Part {
  readonly view: View;
  readonly node: string;
  readonly difference: PlanDifference;
}

/**
 * The Secret changes, and the agents follow as seen on real ones: first SAs that decrypt with the new key, then SAs and policies for
 * sending with it, then the new id is published, then each sender switches in one transaction, then both keys are valid for a time, then
 * the old one is removed.
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
  const stays = ({ node }: Part, which: 'out' | 'in') =>
    course.keepsOld.has(node) || course.removesFirst.get(node)?.startsWith(which) === true;
  await each('old-out-removed', old.id, (part) => xfrmScript(stays(part, 'out') ? [] : sending(part.difference)));
  await each('old-in-removed', old.id, (part) => xfrmScript(stays(part, 'in') ? [] : part.difference.gone.states.filter(decrypts)));
}

/** The id after the old one, 15 followed by 1. */
function nextKey(old: IpsecKey, same: boolean): IpsecKey {
  const id = old.id === LAST_ID ? 1 : old.id + 1;
  return same ? { ...old, id } : newIpsecKey(id, old.perTunnel, kindOf(old));
}

/** Whether a line adds or deletes an SA that decrypts: its mark is 0xd00. */
function decrypts(line: string): boolean {
  return /^xfrm state .* mark 0x[0-9a-f]*d00 mask /.test(line);
}

/** The error of the wrong order: for a short time nothing can send, or nothing can decrypt, with the key in use. */
async function removeFirst(context: DatapathContext, { view, node, difference }: Part, old: IpsecKey, step: RotationStep): Promise<void> {
  const which = context.course.removesFirst.get(node) ?? 'out-blocked';
  const block = policiesPlan(ipsecOptions(context), view).filter((line) => / action block /.test(line));
  const lines =
    which === 'in'
      ? difference.gone.states.filter(decrypts)
      : [...sending(difference), ...(which === 'out-blocked' ? [] : block.map(policyDeletion))];
  await applyScript(context.options.host(node), xfrmScript(lines), `deleting the old key first on ${node}`);
  await step(which === 'in' ? 'old-in-removed-early' : 'old-out-removed-early', { node, spi: old.id, waitMs: GAP_MS[which] });
}

/** The lines that delete the policies and SAs for sending with the old key. */
function sending({ gone }: PlanDifference): string[] {
  return [...gone.policies, ...gone.states.filter((line) => !decrypts(line))];
}

/** A sender uses the new id only towards peers that published it: the marks towards the others stay those of the old one. */
function markedFor(context: DatapathContext, view: View, difference: PlanDifference, old: IpsecKey, next: IpsecKey) {
  const waiting = view.peers.filter((peer) => context.publishedIds.get(peer.name) !== next.id);
  const kept = (line: string) =>
    waiting.reduce((text, { id }) => text.replaceAll(`${encryptMark(id, next.id)} `, `${encryptMark(id, old.id)} `), line);
  return { nft: difference.nft.map(kept), tc: difference.tc.map(kept) };
}
