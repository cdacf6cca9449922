/** Records again the healthy labs that harness/testing/attacks edits: `sh scripts/node scripts/attack-bases.ts [NAME...]`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startLab } from '../clusters/lab/lab.ts';
import type { Intent } from '../harness/model/intent.ts';
import type { ScenarioName } from '../harness/model/scenario.ts';
import { ipsec, wireguard } from '../harness/run/selftest/layouts.ts';
import { runCell } from '../harness/run/selftest/run-cell.ts';
import { BASES, type BaseName, baseFile, packFiles } from '../harness/testing/attacks/base.ts';

/** How each is recorded. It has few flows, so that an attack is judged in milliseconds, and still everything that each check needs. */
const LAYOUTS: Readonly<Record<BaseName, { readonly intent: Intent; readonly nodes: number; readonly scenario: ScenarioName }>> = {
  'ipsec-1.17': { intent: ipsec({ profile: '1.17' }), nodes: 2, scenario: 'steady' },
  'ipsec-1.18': { intent: ipsec({ profile: '1.18' }), nodes: 2, scenario: 'steady' },
  'ipsec-three-nodes': { intent: ipsec({ profile: '1.17' }), nodes: 3, scenario: 'steady' },
  wireguard: { intent: wireguard({ profile: '1.18' }), nodes: 2, scenario: 'steady' },
  'wireguard-native': { intent: wireguard({ profile: '1.17', routing: 'native' }), nodes: 2, scenario: 'steady' },
  rotation: { intent: ipsec({ profile: '1.17' }), nodes: 2, scenario: 'rotation' },
  watch: { intent: ipsec({ profile: '1.18' }), nodes: 2, scenario: 'observe' },
};

const wanted = process.argv.slice(2);
const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('interrupted')));
for (const name of BASES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { intent, nodes, scenario } = LAYOUTS[name];
  const progress = (line: string): void => console.error(`${name}: ${line}`);
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-base-'));
  try {
    await using lab = await startLab({ nodes, families: intent.families, signal: stop.signal, progress });
    const cell = { id: name, subject: name, kind: 'healthy', what: name, intent, nodes, scenario, reddens: [], implies: [] } as const;
    const source = { kind: 'lab', flows: 'probe', clearPhase: true } as const;
    const { result, unclean } = await runCell({ cell, source, lab, folder, signal: stop.signal, progress });
    const red = result.checks.filter(({ verdict }) => verdict === 'contradicts' || verdict === 'inconclusive');
    if (result.state !== 'passed' || unclean !== '')
      throw new Error(`${name} is not green, record it again: ${[unclean, ...red.map(({ id, reason }) => `${id} ${reason}`)].join('; ')}`);
    const packed = packFiles(filesBelow(join(folder, 'recording')));
    writeFileSync(baseFile(name), packed);
    progress(`${packed.length} bytes`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesBelow(folder: string): Map<string, Uint8Array> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}
