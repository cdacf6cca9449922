/**
 * `npm run fuzz -- [MINUTES] [--seed N] [--only PART[,PART]] [--cases N]`: feeds randomly changed untrusted input to every reader: frames,
 * capture files, outputs of kernel and agent, packs and histories. MINUTES for each part (default 10). A case depends on its seed only:
 * `--only PART --seed N --cases 1` repeats it. Exit code 1 if an error other than a refusal is thrown, or a required property does not
 * hold.
 * @module
 */
import { parseArgs } from 'node:util';
import { archivesPart } from './fuzz/archives.ts';
import { filesPart } from './fuzz/files.ts';
import { framesPart } from './fuzz/frames.ts';
import type { FuzzPart } from './fuzz/part.ts';
import { Random } from './fuzz/random.ts';
import { textPart } from './fuzz/text.ts';

const PARTS: Readonly<Record<string, () => FuzzPart | Promise<FuzzPart>>> = {
  frames: framesPart,
  files: filesPart,
  text: textPart,
  archives: archivesPart,
};
const MAX_DEFECTS = 10;
const SHOW_MS = 60_000;

interface Limits {
  readonly seed: number;
  readonly ms: number;
  readonly cases: number;
}

/** Runs cases until the time or the number is reached. @returns defects */
async function runPart(part: FuzzPart, { seed, ms, cases }: Limits): Promise<number> {
  const started = performance.now();
  const counts = { read: 0, refused: 0 };
  let [done, defects, slowest, shown] = [0, 0, 0, started];
  for (; done < cases && defects < MAX_DEFECTS; done++) {
    const begun = performance.now();
    if (begun - started >= ms) break;
    if (begun - shown >= SHOW_MS) {
      shown = begun;
      console.log(`  ${part.name}: ${done} cases, ${defects} defects`);
    }
    try {
      counts[await part.run(new Random(seed + done))]++;
    } catch (error) {
      defects++;
      console.log(`  DEFECT --only ${part.name} --seed ${seed + done} --cases 1: ${error instanceof Error ? error.stack : String(error)}`);
    }
    slowest = Math.max(slowest, performance.now() - begun);
  }
  part.close?.();
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `${part.name}: ${done} cases in ${seconds.toFixed(0)} s, ${counts.read} read, ${counts.refused} refused, ${defects} defects; slowest ${slowest.toFixed(0)} ms, peak RSS ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB (${part.about}; seeds from ${seed})`,
  );
  return defects;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, only: { type: 'string' }, cases: { type: 'string' } },
});
const [minutes = '10'] = positionals;
const limits: Limits = {
  seed: Number(values.seed ?? Date.now() % 2 ** 31),
  ms: Number(minutes) * 60_000,
  cases: Number(values.cases ?? Number.POSITIVE_INFINITY),
};
const names = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = names.find((name) => !(name in PARTS));
if (unknown !== undefined || !(limits.ms > 0) || !(limits.cases > 0) || !Number.isSafeInteger(limits.seed)) {
  console.error(`usage: npm run fuzz -- [MINUTES] [--seed N] [--only ${Object.keys(PARTS).join(',')}] [--cases N]`);
  process.exitCode = 3;
} else {
  let defects = 0;
  for (const name of names) defects += await runPart(await PARTS[name]!(), limits);
  process.exitCode = defects > 0 ? 1 : 0;
}
