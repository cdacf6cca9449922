import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { CommandRecord, Recording, RecordingManifest, Snapshot } from '../../model/recording.ts';

/** An output as a test states it. */
export interface SampleOutput {
  readonly snapshot: Snapshot;
  readonly node: string | null;
  readonly collector: string;
  readonly stdout: string;
  readonly argv?: readonly string[];
  readonly exitCode?: number;
  readonly stderr?: string;
}

const SECONDS: Readonly<Record<Snapshot, number>> = { clear: 0, before: 10, after: 60, end: 90, sample: 70 };
const EPOCH = Date.parse('2026-01-01T00:00:00.000Z');

function instant(seconds: number): { utc: string; monotonicMs: number } {
  return { utc: new Date(EPOCH + seconds * 1000).toISOString(), monotonicMs: seconds * 1000 };
}

/** A recording in memory, for tests: the commands' outputs, no captures, no traffic. `before` is at 10 s, `after` at 60 s. */
export function sampleRecording(
  intent: Intent,
  cluster: ClusterDescription,
  outputs: readonly SampleOutput[],
  rest: Partial<Pick<RecordingManifest, 'captures' | 'traffic' | 'proofs'>> = {},
): Recording {
  const files = new Map<string, string>();
  const commands = outputs.map((output, index): CommandRecord => {
    const base = `commands/${output.snapshot}/${output.node ?? 'api'}/${index}-${output.collector}`;
    files.set(`${base}.txt`, output.stdout);
    files.set(`${base}.err`, output.stderr ?? '');
    return {
      snapshot: output.snapshot,
      node: output.node,
      shell: output.node === null ? 'api' : 'host',
      collector: output.collector,
      argv: output.argv ?? [output.collector],
      exitCode: output.exitCode ?? 0,
      stdout: `${base}.txt`,
      stderr: `${base}.err`,
      startedAt: instant(SECONDS[output.snapshot]),
      endedAt: instant(SECONDS[output.snapshot] + 1),
    };
  });
  const manifest: RecordingManifest = {
    schema: 1,
    run: { id: 'sample', scenario: 'steady', fault: null, startedAt: instant(0), endedAt: instant(90), complete: true, note: '' },
    tool: { name: 'wirewitness', version: '0.0.0', node: 'v24' },
    intent,
    cluster,
    commands,
    captures: rest.captures ?? [],
    traffic: rest.traffic ?? [],
    proofs: rest.proofs ?? { decryption: [], derivation: [] },
    files: [],
  };
  return {
    manifest,
    text: async (path) => {
      const text = files.get(path);
      if (text === undefined) throw new RangeError(`${path} is not in the sample`);
      return text;
    },
    bytes: (path) => {
      throw new RangeError(`${path} is not in the sample: it has no captures`);
    },
    events: async () => [],
  };
}
