import { expect, test } from 'vitest';
import type { Intent } from '../../harness/model/intent.ts';
import { sampleIntent } from '../../harness/testing/two-nodes.ts';
import { layoutRefusal } from './layout-refusal.ts';

test.each<[string, Intent, boolean]>([
  ['IPsec around the tunnel', sampleIntent('ipsec', { profile: '1.18', sctp: true }), true],
  ['ESP inside the tunnel', sampleIntent('ipsec', { profile: '1.17', sctp: true }), false],
  ['IPsec with native routing', sampleIntent('ipsec', { profile: '1.18', routing: 'native', sctp: true }), false],
  ['WireGuard with native routing', sampleIntent('wireguard', { profile: '1.18', routing: 'native', sctp: true }), true],
])('SCTP can be claimed where the kernel does not break its checksum: %s', (_, intent, can) => {
  expect(layoutRefusal(intent)).toEqual(can ? null : { claim: 'sctp', why: expect.stringContaining('wrong checksum') });
});

test.each<[string, Partial<Intent>, keyof Intent | null]>([
  ['an egress gateway in a tunnel that is encrypted as a whole', { profile: '1.18', egressGateway: 'node2' }, null],
  ['an egress gateway where ESP is inside the tunnel', { profile: '1.17', egressGateway: 'node2' }, 'egressGateway'],
  ['an egress gateway with native routing', { profile: '1.18', routing: 'native', egressGateway: 'node2' }, 'egressGateway'],
  ['SNAT of requests from outside', { profile: '1.18', loadBalancer: 'snat', loadBalancerXdp: false }, null],
  ['DSR', { profile: '1.18', routing: 'native', loadBalancer: 'dsr-opt' }, 'loadBalancer'],
  ['XDP', { profile: '1.18', loadBalancerXdp: true }, 'loadBalancerXdp'],
])('%s can be claimed where it is laid out', (_, claim, refused) => {
  expect(layoutRefusal(sampleIntent('ipsec', claim))?.claim ?? null).toBe(refused);
});
