import type { IpRuleExpectation, PolicyExpectation, RouteExpectation, SaPair } from '../../profile.ts';
import { BLOCK_MARK, IN_MARK_PLAIN, OUT_MARK, PROXY_MARK } from './marks.ts';

/** The SA pair between the addresses of cilium_host. */
export const HOST_PAIR: SaPair = { endpoints: 'internal', carriesTraffic: true, presence: 'required' };
export const IDLE_HOST_PAIR: SaPair = { ...HOST_PAIR, carriesTraffic: false };

/** The SA pair between node addresses: idle in 1.17, the one in use with VXLAN in ESP. */
export const NODE_PAIR: SaPair = { endpoints: 'node', carriesTraffic: true, presence: 'required' };
export const IDLE_NODE_PAIR: SaPair = { ...NODE_PAIR, carriesTraffic: false };

const ANY_TO_ANY = { per: 'node', source: 'any', destination: 'any', presence: 'required', template: null } as const;

/** Fails closed: packets marked for encryption that match no other policy are dropped. */
export const BLOCK_POLICY: PolicyExpectation = {
  ...ANY_TO_ANY,
  name: 'fail-closed block',
  dir: 'out',
  action: 'block',
  priority: 100,
  mark: BLOCK_MARK,
};

export const OUT_POD_POLICY: PolicyExpectation = {
  name: 'out to remote pods',
  dir: 'out',
  action: 'allow',
  per: 'remote-pod-cidr',
  source: 'any',
  destination: 'remote-pod-cidr',
  priority: 0,
  mark: OUT_MARK,
  presence: 'required',
  template: 'internal',
};

export const OUT_NODE_POLICY: PolicyExpectation = {
  ...OUT_POD_POLICY,
  name: 'out to remote node',
  per: 'remote-node',
  source: 'own-node',
  destination: 'remote-node',
  template: 'node',
};

export const IN_WILDCARD_POLICY: PolicyExpectation = {
  ...ANY_TO_ANY,
  name: 'in wildcard',
  dir: 'in',
  action: 'allow',
  priority: 0,
  mark: null,
  level: 'use',
};

export const IN_POD_POLICY: PolicyExpectation = {
  ...IN_WILDCARD_POLICY,
  name: 'in to own pods',
  destination: 'own-pod-cidr',
  mark: IN_MARK_PLAIN,
  level: 'required',
};

export const IN_PROXY_POLICY: PolicyExpectation = { ...IN_POD_POLICY, name: 'in to own pods by proxy', mark: PROXY_MARK, level: 'use' };

/**
 * The `in` policies of agents up to 1.16. They stay after an update in place: seen on 1.17.8 after 1.16.2. They let nothing out, and what
 * they let in is what the wildcard lets in.
 */
export const LEFT_IN_POLICIES: readonly PolicyExpectation[] = [IN_POD_POLICY, IN_PROXY_POLICY].map((policy) => ({
  ...policy,
  presence: 'optional',
  leftBy: '1.16',
}));

export const FWD_POLICY: PolicyExpectation = {
  ...ANY_TO_ANY,
  name: 'forward wildcard',
  dir: 'fwd',
  action: 'allow',
  priority: 2975,
  mark: null,
  level: 'use',
};

/** `ip rule` at priority 1: decrypted packets, and packets to encrypt, are looked up in table 200. */
export const DECRYPT_RULE: IpRuleExpectation = { priority: 1, mark: { value: 0xd00, mask: 0xf00 }, table: '200' };
export const ENCRYPT_RULE: IpRuleExpectation = { priority: 1, mark: { value: 0xe00, mask: 0xf00 }, table: '200' };

/** Table 200: own pods are local to the device that decrypts, remote pods are reached by cilium_host. */
export function table200(decryptAt: 'tunnel' | 'uplink', protocols: readonly string[]): readonly RouteExpectation[] {
  return [
    { destination: 'own-pod-cidr', type: 'local', device: decryptAt, protocols },
    { destination: 'remote-pod-cidr', type: 'unicast', device: 'host', protocols },
  ];
}
