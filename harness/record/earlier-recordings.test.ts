import { expect, test } from 'vitest';
import { buildRecording, flow } from '../testing/recording.ts';
import { withFieldsOfToday } from './earlier-recordings.ts';

const { manifest } = buildRecording({
  captures: [],
  traffic: [
    flow('encrypted', 'ab'.repeat(16), { id: 'pod-pod/large/udp/ipv4/a/b' }),
    flow('encrypted', 'cd'.repeat(16), { id: 'pod-pod/udp/ipv4/very-large-name/b' }),
  ],
});
const proof = {
  capture: 'captures/0.pcap',
  src: '10.0.0.1',
  dst: '10.0.0.2',
  spi: '0x00000003',
  sampled: 1,
  decrypted: 0,
  flows: [],
  others: [],
};

test('what earlier versions wrote as text becomes data', () => {
  const proofs = {
    derivation: [],
    decryption: [
      { ...proof, note: 'no SA of that name was read in a kernel' },
      { ...proof, note: 'sequence 7 does not verify with the key on node2' },
    ],
  };
  const { traffic, proofs: read } = withFieldsOfToday({ ...manifest, proofs });
  expect(traffic.map(({ largeBytes }) => largeBytes)).toEqual([3000, undefined]);
  expect(read.decryption.map(({ untried }) => untried)).toEqual([true, undefined]);
});

test('data of the current version stays', () => {
  const today = { ...manifest, traffic: manifest.traffic.map((t) => ({ ...t, largeBytes: 9000 })) };
  expect(withFieldsOfToday(today)).toEqual(today);
});
