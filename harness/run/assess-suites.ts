import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Reporter, TestModule } from 'vitest/node';
import { startVitest } from 'vitest/node';
import { catalogue } from '../judge/catalogue.ts';
import type { CheckVerdict } from '../model/verdict.ts';
import '../testing/vitest-context.ts';

const here = fileURLToPath(import.meta.url);

/** The package's root: two folders above this file, in the sources as in the compiled copy. */
const root = join(dirname(here), '..', '..');

/** Suites are TypeScript in a checkout and JavaScript in the package. */
const suffix = extname(here);

/**
 * Run the suites over a recording folder and collect the verdict of every check, in the catalogue's order.
 *
 * A check without a verdict is inconclusive and says why: its suite did not load, its test broke before the verdict, or no
 * suite names it. The process's exit code is left as it was: the verdicts decide.
 */
export async function runSuites(recordingFolder: string): Promise<CheckVerdict[]> {
  const exitCode = process.exitCode;
  const found = new Map<string, CheckVerdict>();
  const broken: string[] = [];
  const collector: Reporter = {
    onTestRunEnd(modules, unhandled) {
      for (const module of modules) collect(module, found, broken);
      for (const error of unhandled) broken.push(error.message);
    },
  };
  const vitest = await startVitest('test', [], {
    config: false,
    root,
    include: [`suites/*.suite${suffix}`],
    watch: false,
    isolate: false,
    fileParallelism: false,
    maxWorkers: 1,
    passWithNoTests: true,
    reporters: [collector],
    provide: { recording: recordingFolder },
  });
  await vitest.close();
  process.exitCode = exitCode;
  return catalogue.map((check) => found.get(check.id) ?? missing(check.id, check.title, broken));
}

function collect(module: TestModule, found: Map<string, CheckVerdict>, broken: string[]): void {
  for (const error of module.errors()) broken.push(`${module.relativeModuleId}: ${error.message}`);
  for (const testCase of module.children.allTests()) {
    const { verdict } = testCase.meta();
    const result = testCase.result();
    if (verdict !== undefined) found.set(verdict.id, verdict);
    else for (const error of result.errors ?? []) broken.push(`${testCase.name}: ${error.message}`);
  }
}

function missing(id: string, title: string, broken: readonly string[]): CheckVerdict {
  const about = broken.filter((message) => message.includes(id));
  const why = about.length > 0 ? about : broken;
  return {
    id,
    verdict: 'inconclusive',
    reason: why.length > 0 ? `the suite gave no verdict: ${why.join('; ')}` : 'no suite gave a verdict for this check',
    expected: title,
    observed: 'no verdict',
    evidence: [],
  };
}
