import type { XfrmCounter, XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { describedNode, keyName, wholeStates } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { describeGrace, rotationGrace } from '../../harness/judge/state/rotation-grace.ts';
import { type EncryptionStatus, encryptionName } from '../../harness/stacks/agent-items.ts';

/** Packets that may be sent between the agent's reading and the recorder's. */
const MOVED = 256n;

/** What the agent reports about encryption, compared with its kernel. */
export const cfg07: Check = {
  id: 'CFG-07',
  must: 'What the agent reports about its encryption agrees with the kernel: mode, keys in use, highest sequence number, error count, decrypting interfaces',
  modes: ['ipsec'],
  evidence: 'encrypt status, ip xfrm state, /proc/net/xfrm_stat of every node, before and after',
  needs: ['agent-shell', 'host-shell'],
  remedy: `Compare both on the named node: \`{agent} encrypt status\` and \`ip -s xfrm state\`, \`cat /proc/net/xfrm_stat\`. Trust the kernel. If the agent's state is stale, {restartAgents}; if it stays wrong, report it to the {stack} project with both outputs.`,
  judge(x) {
    for (const node of x.nodes('before', 'after')) {
      const status = x.use(node.encryptionStatus);
      const states = x.use(node.xfrmStates);
      if (status === undefined || states === undefined) continue;
      if (status.mode === 'unknown') {
        x.gap(`${at(node)}: encrypt status shows no mode`, { node: node.node });
        continue;
      }
      const esp = wholeStates(x, at(node), states).filter((sa) => sa.proto === 'esp');
      x.expect(
        (status.mode === 'ipsec') === esp.length > 0,
        `${at(node)}: encrypt status says ${encryptionName(status.mode)}, the kernel has ${esp.length} SAs`,
        { node: node.node },
      );
      if (status.mode !== 'ipsec') continue;
      judgeKeys(x, node, status, esp);
      judgeSequence(x, node, status, esp);
      judgeErrors(x, node, status);
      judgeInterfaces(x, node, status);
    }
    for (const { event, detail } of x.facts.window.events)
      if (event === 'read-again' && Array.isArray(detail.differences))
        x.note(
          `${String(detail.node)} ${String(detail.snapshot)}: read ${String(detail.tries)} times, because ${detail.differences.join(', then ')}`,
        );
    return x.conclude('statements');
  },
};

function judgeKeys(x: Examination, node: NodeState, { keysInUse }: EncryptionStatus, esp: readonly XfrmState[]): void {
  if (keysInUse === undefined) {
    x.gap(`${at(node)}: encrypt status does not show the number of keys in use`, { node: node.node });
    return;
  }
  const keys = esp.map(keyName);
  if (keys.includes(undefined)) {
    x.gap(`${at(node)}: an SA has no key fingerprint, so keys cannot be counted`, { node: node.node });
    return;
  }
  const counted = new Set(keys).size;
  const grace = rotationGrace(x, node);
  if (grace !== null && grace.left >= 0) {
    // Old SAs are removed one by one, and the agent was read at another moment than the kernel.
    const fresh = new Set(esp.filter((sa) => Number(sa.spi) === grace.fresh).map(keyName)).size;
    x.expect(
      keysInUse >= fresh && keysInUse <= counted,
      `${at(node)}: encrypt status says ${keysInUse} keys in use, the kernel has ${fresh} of key id ${grace.fresh} and ${counted} in all`,
      { node: node.node },
    );
    x.note(`${at(node)}: ${describeGrace(grace)}`);
    return;
  }
  x.expect(keysInUse === counted, `${at(node)}: encrypt status says ${keysInUse} keys in use, the kernel has ${counted} distinct keys`, {
    node: node.node,
  });
}

function judgeSequence(x: Examination, node: NodeState, { maxSeq }: EncryptionStatus, esp: readonly XfrmState[]): void {
  if (maxSeq === undefined) {
    x.gap(`${at(node)}: encrypt status shows no sequence number`, { node: node.node });
    return;
  }
  const highest = esp.reduce((max, sa) => (sa.oseq !== undefined && BigInt(sa.oseq) > max ? BigInt(sa.oseq) : max), 0n);
  const said = maxSeq === null ? 0n : numberOf(maxSeq.value);
  if (said === null) {
    x.gap(`${at(node)}: the sequence number ${maxSeq?.value ?? ''} is not a number`, { node: node.node });
    return;
  }
  const apart = said > highest ? said - highest : highest - said;
  x.expect(apart <= MOVED + spacing(highest), `${at(node)}: encrypt status says sequence ${said}, the kernel's highest is ${highest}`, {
    node: node.node,
  });
}

/** A decoded number above 2^53, possible with ESN, is only as exact as the spacing of doubles. */
function spacing(value: bigint): bigint {
  return value < 2n ** 53n ? 0n : 2n ** BigInt(value.toString(2).length - 53);
}

/**
 * The agent prints the sum of the kernel's counters, which only grow: its number is at least the sum of this reading, and at most that sum
 * and what the counters grew between the two readings.
 */
function judgeErrors(x: Examination, node: NodeState, { errorCount }: EncryptionStatus): void {
  if (errorCount === undefined) return;
  const counters = x.use(node.xfrmStat);
  if (counters === undefined) return;
  const total = sumOf(counters);
  const other = x.facts.state.nodes.find((n) => n.node === node.node && n.snapshot === (node.snapshot === 'before' ? 'after' : 'before'));
  const growth = other?.xfrmStat.ok === true ? Math.abs(sumOf(other.xfrmStat.value) - total) : 0;
  x.expect(
    errorCount >= total && errorCount <= total + growth,
    `${at(node)}: encrypt status says ${errorCount} errors, /proc/net/xfrm_stat ${total}`,
    { node: node.node },
  );
}

function sumOf(counters: readonly XfrmCounter[]): number {
  return counters.reduce((sum, { value }) => sum + value, 0);
}

/**
 * The agent must report that it decrypts at the interface where traffic of nodes arrives. Releases that report no device are not judged.
 */
function judgeInterfaces(x: Examination, node: NodeState, { decryptionInterfaces = [] }: EncryptionStatus): void {
  const { uplink } = describedNode(x, node.node);
  if (decryptionInterfaces.length > 0)
    x.expect(
      decryptionInterfaces.includes(uplink),
      `${at(node)}: encrypt status says that ${decryptionInterfaces.join(', ')} decrypts, the traffic of nodes arrives at ${uplink}`,
      { node: node.node },
    );
}

function numberOf(text: string): bigint | null {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : null;
}
