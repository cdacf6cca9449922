import { defineConfig } from 'vitest/config';

const tests = '{harness,clusters,reports,suites,scripts}/**/*.test.ts';
const labTests = '{harness,clusters,reports,suites,scripts}/**/*.lab.test.ts';
const kindTests = '{harness,clusters}/**/*.kind.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...{ name: 'unit', include: [tests], exclude: [labTests, kindTests], maxWorkers: 2 },
          // They end what hangs and measure nothing: a busy machine takes ten times as long as a quiet one.
          ...{ testTimeout: 240_000, hookTimeout: 240_000, expect: { poll: { timeout: 60_000 } } },
        },
      },
      // A virtual machine each: one file at a time, and a boot under software emulation takes seconds.
      { test: { name: 'lab', include: [labTests], fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 } },
      // The catalogue over one recording: `npm run suites -- FOLDER`.
      { test: { name: 'suites', include: ['suites/recording.suite.ts'] } },
      // Real clusters: where Docker or an image is missing they are skipped and say so.
      { test: { name: 'kind', include: [kindTests], fileParallelism: false, testTimeout: 300_000, hookTimeout: 300_000 } },
    ],
  },
});
