/**
 * Writes docs/samples: the report and JUnit of a green and of a red run. `npm run samples` makes both in the lab; `npm run samples -- GREEN
 * RED` judges two existing recordings of the lab. Links to the evidence point to a recording, which is not checked in.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRecording } from '../harness/record/open-recording.ts';
import { assess, recordingFolderOf } from '../harness/run/assess.ts';
import { cutLeaks } from '../harness/run/leaks/cut-leaks.ts';
import { writeHtml } from '../reports/html/page.ts';
import { writeJunit } from '../reports/junit.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SAMPLES = { green: { verdict: 'supports', flags: [] }, red: { verdict: 'contradicts', flags: ['--fault', 'L03'] } } as const;

const [green, red] = process.argv.slice(2);
const given = { green, red };
const work = mkdtempSync(join(tmpdir(), 'wirewitness-samples-'));
try {
  for (const name of ['green', 'red'] as const) {
    const { verdict, flags } = SAMPLES[name];
    const folder = given[name] ?? recorded(name, flags);
    const recording = await openRecording(await recordingFolderOf(folder));
    const report = await assess(recording);
    if (report.verdict !== verdict || report.environment.class !== 'lab')
      throw new Error(`${folder}: ${report.verdict} in ${report.environment.class}; the ${name} sample ${verdict} and is of the lab`);
    const out = join(ROOT, 'docs', 'samples', name);
    rmSync(out, { recursive: true, force: true });
    mkdirSync(out, { recursive: true });
    const leaks = await cutLeaks(report, recording);
    writeFileSync(join(out, 'report.html'), placeless(writeHtml({ report, leaks })));
    writeFileSync(join(out, 'junit.xml'), placeless(writeJunit(report)));
    for (const { file, bytes } of leaks) writeFileSync(join(out, file), bytes);
    process.stdout.write(`docs/samples/${name}: ${report.verdict}\n`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The lab names the file that stores its accelerator: a path of the machine, which does not belong into a sample. */
function placeless(text: string): string {
  return text.replaceAll(`${homedir()}/`, '~/');
}

/** A run in the lab. Its exit code follows the verdict, which is read from the report. */
function recorded(name: string, flags: readonly string[]): string {
  const out = join(work, name);
  execFileSync(join(ROOT, 'bin', 'wirewitness'), ['record', '--target', 'lab', '--mode', 'ipsec', ...flags, '--out', out], {
    stdio: 'inherit',
  });
  return join(out, 'ipsec');
}
