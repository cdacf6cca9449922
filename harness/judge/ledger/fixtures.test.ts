import { createReadStream, existsSync, globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MAX_LAYERS } from '../../decode/wire/dissect.ts';
import { accountFor, examineCapture } from './ledger.ts';

const FIXTURES = fileURLToPath(new URL('../../../../shared/fixtures/', import.meta.url));
const WHY = 'the fixtures folder does not lie beside the project';

test('every recorded capture is read to its end and adds up', async (ctx) => {
  ctx.skip(!existsSync(FIXTURES), WHY);
  const files = globSync(`${FIXTURES}{cilium/*,lab,pcaps}/*.{pcap,pcapng,cap}`);
  expect(files.length).toBeGreaterThan(100);
  for (const file of files) {
    let frames = 0;
    let bytes = 0;
    const ledger = await examineCapture(createReadStream(file), { file }, (frame) => {
      frames++;
      bytes += frame.caplen;
      expect(frame.layers.split('/').length, file).toBeLessThanOrEqual(MAX_LAYERS);
    });
    const tallies = Object.values(ledger.classes);
    expect({ file, frames: ledger.frames, bytes: ledger.bytes }).toEqual({ file, frames, bytes });
    expect(
      tallies.reduce((sum, t) => sum + t.frames, 0),
      file,
    ).toBe(ledger.frames);
    expect(
      tallies.reduce((sum, t) => sum + t.bytes, 0),
      file,
    ).toBe(ledger.wireBytes);
    for (const name of ['esp', 'wireguard', 'clear'] as const) {
      const inFlows = ledger.flows.filter((flow) => flow.class === name).reduce((sum, flow) => sum + flow.frames, 0);
      expect(inFlows, `${file} ${name}`).toBe(ledger.classes[name]?.frames ?? 0);
    }
  }
});

/** Frames by class on the wire of real agents and of the prototype lab, as `tcpdump` shows them. */
const KNOWN: [string, Record<string, number>][] = [
  ['cilium/v1.14.5-ipsec-vxlan/base.wire.pcap', { esp: 43, clear: 12 }],
  ['cilium/v1.18.3-ipsec-vxlan/fault-poldel.wire.pcap', { esp: 452, clear: 244, control: 4 }],
  ['cilium/v1.18.3-wireguard-nodeenc-vxlan/base.wire.pcap', { wireguard: 46 }],
  ['cilium/v1.14.5-ipsec-vxlan/rotation.wire.pcap', { esp: 4090, control: 10 }],
  ['lab/native-plain.wire.pcap', { clear: 72, control: 6 }],
  ['lab/frag-vx-1450.wire.pcap', { esp: 20, control: 1 }],
  ['pcaps/ndpi__mullvad_wireguard.pcap', { wireguard: 10 }],
  ['pcaps/tcpdump__esp_truncated.pcap', { truncated: 1 }],
];

for (const [file, classes] of KNOWN) {
  test(`${file} counts as known`, async (ctx) => {
    ctx.skip(!existsSync(FIXTURES + file), WHY);
    const ledger = await accountFor(createReadStream(FIXTURES + file), { file });
    expect(Object.fromEntries(Object.entries(ledger.classes).map(([name, tally]) => [name, tally.frames]))).toEqual(classes);
  });
}
