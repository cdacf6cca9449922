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
