import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wireguardReads } from '../../testing/cilium-commands.ts';
import { ciliumFixtures } from '../../testing/cilium-fixture.ts';
import { examineCapture } from '../ledger/ledger.ts';
import { HandshakeCollector, hasValidMac1 } from './handshakes.ts';

const folder = join(ciliumFixtures, 'v1.18.3-wireguard-vxlan');

test('handshakes of a real agent verify under their receiver’s key and no other', async (ctx) => {
  ctx.skip(!existsSync(folder), 'the recordings of real agents are not beside the project');
  const reads = new Map(wireguardReads(readFileSync(join(folder, 'node1/wg-dump.txt'), 'utf8')));
  const keys: Record<string, string> = {
    '192.168.77.11': reads.get('public-key')?.trim() ?? '',
    '192.168.77.12': reads.get('peers')?.trim() ?? '',
  };
  const collector = new HandshakeCollector();
  await examineCapture(createReadStream(join(folder, 'fault-agent-restart-node1.wire.pcap')), {}, (frame) => collector.note(frame));
  expect(collector.kept.length).toBe(5);
  for (const handshake of collector.kept) {
    expect(hasValidMac1(handshake, keys[handshake.dst] ?? ''), `frame ${handshake.frame}`).toBe(true);
    expect(hasValidMac1(handshake, keys[handshake.src] ?? ''), `frame ${handshake.frame}`).toBe(false);
  }
});
