import type { Check } from '../../harness/judge/check.ts';
import { normalAddress } from '../../harness/judge/wire/address-owners.ts';
import { describeClear } from '../../harness/judge/wire/describe.ts';
import { readableOf } from '../../harness/judge/wire/vantage-points.ts';
import type { LoggedFlow } from '../../harness/stacks/agent-items.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/**
 * WIR-16: the log of the stack is no second observer, because it repeats the mark of a packet. But people look at it: what it calls encrypted
 * must be so. A packet without its flag decides nothing, because only one point of the way can set it.
 */
export const wir16: Check = {
  id: 'WIR-16',
  must: 'No flow that the stack’s own log of flows calls encrypted is readable on the wire; a flow that it does not call so decides nothing',
  modes: ['ipsec', 'wireguard'],
  evidence:
    'flows with the flag of encrypted packets in {flowLog} of every node, after the traffic; captures on the wire in the judged phase',
  subject: 'wire',
  needs: ['agent-shell', 'capture'],
  remedy:
    'Believe the wire: the flow is a leak, which WIR-01 names with its packets, and dashboards and alerts made of {flowLog} do not show it. Look for programs and rules on the node that set the mark of encrypted packets (`nft list ruleset`, `iptables-save`, `tc filter show dev DEVICE egress`), and report it to the {stack} project if there is none but its own.',
  judge(x) {
    const nodes = x.nodes('after');
    const { flowLog } = x.words;
    if (nodes.every((node) => !node.flowLog.ok && node.flowLog.absent)) return x.set('not-applicable', 'no log of flows was recorded');
    const silent = nodes.flatMap(({ flowLog: said }) => (said.ok || said.absent ? [] : [said.reason]));
    const logs = nodes.flatMap((node) => (node.flowLog.ok ? [{ node: node.node, ...node.flowLog }] : []));
    const refused = silent.filter((reason) => ENDED.test(reason));
    if (logs.length === 0 && refused.length === silent.length)
      return x.set('not-applicable', `${flowLog} gave no answer: ${whyNot(refused[0] ?? '')}`);
    // Where others answer, a node is silent only if its release has no such option.
    for (const reason of silent)
      if (refused.includes(reason) && OLDER.test(reason)) x.note(reason);
      else x.gap(reason);
    x.cite(...logs.flatMap(({ evidence }) => evidence));
    const flagged = logs.flatMap(({ node, value }) => value.filter(({ encrypted }) => encrypted).map((flow) => ({ node, flow })));
    const compared = flagged.filter(({ flow }) => endsOf(flow) !== null);
    if (compared.length === 0 && x.clean)
      return x.set(
        'not-exercised',
        `${flowLog} calls no TCP, UDP or SCTP flow of these pods and nodes encrypted, and a missing flag decides nothing: only packets at the uplink have it, and monitor aggregation usually leaves those out of the log`,
      );
    const view = judgedView(x);
    expectWhole(x, view);
    const readable = new Map(readableOf(view).map((account) => [keyOf(account), account]));
    for (const { node, flow } of compared) {
      const account = readable.get(endsOf(flow) ?? '');
      const where = flow.point === '' ? '' : ` at ${flow.point}`;
      if (account === undefined) x.held();
      else
        x.fault(
          `${node}: ${flowLog} calls ${flow.source}:${flow.sport} > ${flow.destination}:${flow.dport} (${flow.protocol}) encrypted${where}, and the wire shows it readable, the first ${describeClear(account)}`,
          { node, capture: account.file, frame: account.firstFrame },
        );
    }
    return x.conclude('flows called encrypted');
  },
};

/** The program was not there, or answered with an error: nothing was logged. Anything else is damaged evidence. */
const ENDED = / ended with \d+: /;

/** A flow by its addresses and ports; null without ports: another flow could have the same ends. */
function endsOf({ source, destination, protocol, sport, dport }: LoggedFlow): string | null {
  return protocol === null || sport === null || dport === null ? null : keyOf({ src: source, dst: destination, protocol, sport, dport });
}

function keyOf(ends: {
  readonly src: string;
  readonly dst: string;
  readonly protocol: string;
  readonly sport: number | null;
  readonly dport: number | null;
}): string {
  return [normalAddress(ends.src), normalAddress(ends.dst), ends.protocol, ends.sport, ends.dport].join(' ');
}

/** A release that cannot select by the flag. */
const OLDER = /unknown flag: --encrypted/;

/** What the program said when it ended with an error. */
function whyNot(reason: string): string {
  if (OLDER.test(reason)) return 'this release does not select by it (from 1.19)';
  return reason;
}
