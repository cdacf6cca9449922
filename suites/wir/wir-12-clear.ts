import type { Check } from '../../harness/judge/check.ts';
import { addressBook } from '../../harness/judge/wire/address-book.ts';
import { pathsOf } from '../../harness/judge/wire/undriven.ts';
import { judgedView } from '../wire-view.ts';

/** WIR-12: what is clear by design is counted with its reason. */
export const wir12: Check = {
  id: 'WIR-12',
  must: 'Traffic on one node and traffic that is clear by design is listed with reason and count',
  modes: ['ipsec', 'wireguard', 'none'],
  evidence: 'flow matrix, readable frames on the wire that belong to no driven flow',
  needs: ['capture'],
  remedy: 'Record again with complete captures (WIR-04 names what was lost).',
  judge(x) {
    const view = judgedView(x);
    const book = addressBook(x.facts.manifest.cluster);
    const driven = x.facts.wire.flows
      .filter((f) => f.treatment === 'clear-by-design')
      .map((f) => `${f.id}: ${f.clearFrames} frame(s), ${f.treatmentReason}`);
    const others = new Map<string, number>();
    for (const account of view.captures.flatMap((c) => c.clear)) {
      if (account.flows.length > 0 || account.inboundCopy) continue;
      const key = pathsOf(book, account).join(' or ') || 'with an end outside the cluster’s nodes and pods, or on one node';
      others.set(key, (others.get(key) ?? 0) + account.frames);
    }
    const control = view.captures.reduce((n, c) => n + (c.ledger?.classes.control?.frames ?? 0), 0);
    const rest = [...others].map(([key, frames]) => `undriven ${key}: ${frames} frame(s)`);
    x.observe([...driven, ...rest, `link control: ${control} frame(s)`].join('; '));
    for (const gap of view.gaps) x.gap(gap);
    // The kinds of traffic that are counted: driven, undriven, and link control, of which there may be none.
    x.held(driven.length + rest.length + 1);
    x.note(`${driven.length} flow(s) clear by design, ${rest.length} kind(s) of undriven readable traffic, ${control} control frame(s)`);
    return x.conclude('kinds of clear traffic');
  },
};
