import type { Check } from '../../harness/judge/check.ts';
import { addressOwners } from '../../harness/judge/wire/address-owners.ts';
import { allowedBy } from '../../harness/judge/wire/allowed.ts';
import { pathsOf, unreadTraffic } from '../../harness/judge/wire/undriven.ts';
import { readableOf } from '../../harness/judge/wire/vantage-points.ts';
import { judgedView } from '../wire-view.ts';

/** WIR-12: traffic that is clear by design is counted with its reason. */
export const wir12: Check = {
  id: 'WIR-12',
  must: 'Traffic on one node and traffic that is clear by design is listed with reason and count',
  modes: ['ipsec', 'wireguard', 'tls', 'none'],
  evidence: 'flow matrix, readable frames on the wire that belong to no driven flow',
  subject: 'wire',
  needs: ['capture'],
  remedy: 'Record again with complete captures (WIR-04 names what was lost).',
  judge(x) {
    const view = judgedView(x);
    const owners = addressOwners(x.facts.manifest.cluster);
    const driven = x.facts.wire.flows
      .filter((f) => f.treatment === 'clear-by-design')
      .map((f) => `${f.id}: ${f.clearFrames} frame(s), ${f.treatmentReason}`);
    const others = new Map<string, number>();
    for (const account of readableOf(view)) {
      if (account.flows.length > 0) continue;
      const path = pathsOf(owners, account).join(' or ') || 'with an end outside the cluster’s nodes and pods, or on one node';
      const entry = allowedBy(x.facts.manifest.intent, account);
      const kind = account.class === 'clear' || account.class === 'tls' ? '' : ` as ${account.class}`;
      const key = `${path}${kind}${entry === null ? '' : `, allowed by ${entry.owner} (${entry.reason})`}`;
      others.set(key, (others.get(key) ?? 0) + account.frames);
    }
    const { explained } = unreadTraffic(x.facts, view.captures);
    const control = view.captures.reduce((n, c) => n + (c.ledger?.classes.control?.frames ?? 0), 0);
    const rest = [...others].map(([key, frames]) => `undriven ${key}: ${frames} frame(s)`);
    x.observe(...driven, ...rest, ...explained, `link control: ${control} frame(s)`);
    for (const gap of view.gaps) x.gap(gap);
    // The kinds of traffic that are counted: driven, undriven, and link control, which may be absent.
    x.held(driven.length + rest.length + 1);
    x.note(`${driven.length} flow(s) clear by design, ${rest.length} kind(s) of undriven readable traffic, ${control} control frame(s)`);
    return x.conclude('kinds of clear traffic');
  },
};
