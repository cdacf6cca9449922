import { expect, test } from 'vitest';
import type { Mode } from '../../model/mode.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import { twoNodes } from '../../testing/two-nodes.ts';
import { addressOwners } from './address-owners.ts';
import { inboundCopyTest } from './inbound-copy.ts';

const [one, two] = twoNodes.nodes;
const third = { ...one!, name: 'node3', addresses: ['172.18.0.3'], podCidrs: ['10.0.3.0/24'], internalAddresses: ['10.0.3.1'] };
const owners = addressOwners({ ...twoNodes, nodes: [one!, two!, third] });
const at = (vantage: 'nic' | 'wire' | 'tunnel', node: string | null, mode: Mode = 'ipsec') =>
  inboundCopyTest({ vantage, node } as CaptureRecord, owners, mode);
const pairs = (src: string, dst: string, outerSrc = src, outerDst = dst) => ({ src, dst, outerSrc, outerDst });

test('a packet for a pod of this node from another node is a copy, bare or in the tunnel', () => {
  expect(at('nic', 'node2')(pairs('10.0.1.11', '10.0.2.11'))).toBe(true);
  expect(at('nic', 'node2')(pairs('10.0.1.11', '10.0.2.11', '172.18.0.1', '172.18.0.2'))).toBe(true);
});

test('what leaves, what passes through for a third node, and what ends outside is none', () => {
  expect(at('nic', 'node2')(pairs('10.0.2.11', '10.0.1.11'))).toBe(false);
  expect(at('nic', 'node2')(pairs('10.0.1.11', '10.0.3.30'))).toBe(false);
  expect(at('nic', 'node2')(pairs('10.0.1.11', '10.0.3.30', '172.18.0.1', '172.18.0.2'))).toBe(false);
  expect(at('nic', 'node2')(pairs('10.0.1.11', '203.0.113.9'))).toBe(false);
});

test('outside the nodes there are no copies', () => {
  expect(at('wire', null)(pairs('10.0.1.11', '10.0.2.11'))).toBe(false);
});

test('WireGuard gives nothing back to the uplink', () => {
  expect(at('nic', 'node2', 'wireguard')(pairs('10.0.1.11', '10.0.2.11'))).toBe(false);
  expect(at('tunnel', 'node2', 'wireguard')(pairs('10.0.1.11', '10.0.2.11'))).toBe(true);
});
