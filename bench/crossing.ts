/** Records N times with crossing WireGuard handshakes: `node bench/crossing.ts [N]`. Exit code 1 when one of them is not green. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HELD_MS } from '../harness/run/testdata/cross-initiations.ts';
import { type Crossing, recordCrossings } from '../harness/run/testdata/record-crossings.ts';

const times = Number(process.argv[2] ?? 20);
if (!Number.isInteger(times) || times < 1) {
  console.error(`bench/crossing.ts ${process.argv[2]}: the number of recordings must be a whole number from 1`);
  process.exit(3);
}
const out = await mkdtemp(join(tmpdir(), 'wirewitness-crossings-'));
let number = 0;
const show = ({ verdict, notGreen, openedMs, initiationsMs, tookMs }: Crossing): void => {
  const opened = openedMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(' and ');
  const said = [
    verdict.padEnd(12),
    `opened after ${opened}`,
    `initiations at ${initiationsMs.join(', ')} ms`,
    `${(tookMs / 1000).toFixed(0)} s in all`,
    ...notGreen,
  ];
  console.log(`${String(++number).padStart(3)}  ${said.join('  ')}`);
};
try {
  const crossings = await recordCrossings({ times, out, progress: () => {}, each: show });
  const green = crossings.filter(({ verdict }) => verdict === 'supports').length;
  const crossed = crossings.filter(({ initiationsMs: [, second = Infinity, third = 0] }) => second < HELD_MS && third >= 5000).length;
  console.log(`${green} of ${times} green; in ${crossed} of ${times} the handshakes crossed and were tried again after 5 s`);
  process.exitCode = green === times ? 0 : 1;
} finally {
  await rm(out, { recursive: true, force: true });
}
