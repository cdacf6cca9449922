import type { XfrmPolicy, XfrmSelector, XfrmState, XfrmTemplate } from '../../decode/kernel/xfrm-items.ts';
import type { NodeDescription } from '../../model/cluster.ts';
import type { Family } from '../../model/mode.ts';
import type { IpsecProfile, PolicyExpectation } from '../../stacks/profile.ts';
import { absent, anything, differences, type Expectation, empty, oneOf, such } from './differences.ts';
import { endpointOf, familyOf, isAny, podCidrs, sameAddress } from './networks.ts';

/** A policy of the profile with the addresses of one node. */
export interface ConcretePolicy {
  readonly expectation: PolicyExpectation;
  readonly src: string;
  readonly dst: string;
  /** Addresses that the ends of the template may have; undefined if any is allowed; null as a whole if the policy has no template. */
  readonly template: { readonly src?: readonly string[]; readonly dst?: readonly string[] } | null;
}

const ANY: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0/0', ipv6: '::/0' };

/** Every policy that the profile knows of a node, required or not, in one family. */
export function concretePolicies(
  own: NodeDescription,
  nodes: readonly NodeDescription[],
  expectations: readonly PolicyExpectation[],
  family: Family,
): ConcretePolicy[] {
  const peers = nodes.filter((node) => node !== own);
  return expectations.flatMap((e) => (e.per === 'node' ? ofNode(own, e, family) : peers.flatMap((peer) => ofPeer(own, peer, e, family))));
}

/**
 * What comes in is for the node's own address. The other end is not compared: agents up to 1.16 write that of the node which they saw last, and
 * keep it when that node has left.
 */
function ofNode(own: NodeDescription, e: PolicyExpectation, family: Family): ConcretePolicy[] {
  const here = endpointOf(own, 'internal', family);
  // Without the object of a node its own device has no address in the recording.
  const template = e.action === 'block' ? null : here === undefined ? {} : { dst: [here, ...own.addresses] };
  const destinations = e.destination === 'own-pod-cidr' ? podCidrs(own, [family]) : [ANY[family]];
  return destinations.map((dst) => ({ expectation: e, src: ANY[family], dst, template }));
}

function ofPeer(own: NodeDescription, peer: NodeDescription, e: PolicyExpectation, family: Family): ConcretePolicy[] {
  const kind = e.template ?? 'internal';
  const [here, there] = [endpointOf(own, kind, family), endpointOf(peer, kind, family)];
  if (here === undefined || there === undefined) return [];
  if (e.per === 'remote-node') {
    // Between node addresses the family of the underlay counts, not that of the pods.
    if (family !== familyOf(own.addresses[0] ?? '')) return [];
    return [{ expectation: e, src: here, dst: there, template: { src: [here], dst: [there] } }];
  }
  const inward = e.dir !== 'out';
  const template = inward ? { src: [there], dst: [here] } : { src: [here], dst: [there] };
  return podCidrs(peer, [family]).flatMap((remote) =>
    (e.source === 'any' ? [ANY[family]] : podCidrs(own, [family])).map((local) => ({
      expectation: e,
      src: inward ? remote : local,
      dst: inward ? local : remote,
      template,
    })),
  );
}

/** What is not as expected about a policy; its mark is judged by XFR-05. */
export function policyDifferences(policy: XfrmPolicy, wanted: ConcretePolicy, ipsec: IpsecProfile): string[] {
  const { priority } = wanted.expectation;
  return [
    ...differences(policy, {
      ...{ src: anything, dst: anything, dir: anything, action: anything, mark: anything, templates: anything },
      ...{ index: anything, added: anything, used: anything, incomplete: anything },
      ...{ proto: absent, sport: absent, dport: absent, dev: absent, ifId: absent, offload: absent, flags: empty },
      uid: oneOf<number>(undefined, 0),
      ptype: oneOf<string>(undefined, 'main'),
      priority: priority === null ? anything : such<number>((value) => (value ?? 0) === priority, String(priority)),
    }),
    ...templateDifferences(policy.templates, wanted, ipsec),
  ];
}

function templateDifferences(templates: readonly XfrmTemplate[], { template, expectation }: ConcretePolicy, ipsec: IpsecProfile): string[] {
  if (template === null) return templates.length === 0 ? [] : [`it has ${templates.length} template(s), expected none`];
  const [only] = templates;
  if (only === undefined) return ['it has no template: it lets packets pass as they are'];
  if (templates.length > 1) return [`it has ${templates.length} templates, expected one`];
  const out = expectation.dir === 'out';
  const end = (wanted: readonly string[] | undefined) =>
    such<string>(
      (value) => wanted === undefined || (value !== undefined && (wanted.some((one) => sameAddress(value, one)) || (!out && isAny(value)))),
      wanted?.[0] ?? '',
    );
  const expected: Expectation<XfrmTemplate> = {
    src: end(template.src),
    dst: end(template.dst),
    proto: oneOf<string>('esp'),
    mode: oneOf<string>('tunnel'),
    spi: anything,
    reqid: out ? oneOf<number>(ipsec.reqid.value) : oneOf<number>(0, ipsec.reqid.value),
    level: levelOf(expectation),
  };
  return differences(only, expected).map((text) => `template ${text}`);
}

/** A template of level `use` is optional: unencrypted packets pass too. */
function levelOf({ dir, level }: PolicyExpectation): Expectation<XfrmTemplate>['level'] {
  if (dir === 'out') return such<string>((value) => value !== 'use', 'required: level use lets packets out in the clear');
  if (level === 'required') return oneOf<string>(undefined, 'required');
  return level === 'use' ? oneOf<string>('use') : anything;
}

/** What is not as expected about an SA; algorithms, keys, marks, sequence numbers and counters have checks of their own. */
export function stateDifferences(sa: XfrmState, direction: 'out' | 'in', ipsec: IpsecProfile): string[] {
  return differences(sa, {
    ...{ src: anything, dst: anything, spi: anything, mark: anything, outputMark: anything, replayWindow: anything },
    ...{ aead: anything, auth: anything, enc: anything, oseq: anything, seq: anything, bytes: anything, packets: anything },
    ...{ stats: anything, added: anything, incomplete: anything },
    ...{ comp: absent, encap: absent, ifId: absent, offload: absent },
    proto: oneOf<string>('esp'),
    mode: oneOf<string>('tunnel'),
    reqid: oneOf<number>(ipsec.reqid.value),
    flags: such<readonly string[]>((flags) => (flags ?? []).every((flag) => flag === 'esn'), 'only esn'),
    sel: such<XfrmSelector>((sel) => sel === undefined || takesAll(sel), 'a selector that takes every packet'),
    dir: oneOf<string>(undefined, direction),
  });
}

/** Whether a selector lets every packet into the SA. */
function takesAll(sel: XfrmSelector): boolean {
  const { src, dst, ...rest } = sel;
  // `uid 0` is printed with -s for an SA of any user.
  return (
    isAny(src) && isAny(dst) && Object.entries(rest).every(([field, value]) => value === undefined || (field === 'uid' && value === 0))
  );
}
