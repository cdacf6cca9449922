import { defineConfig } from 'vitest/config';

const tests = '{harness,clusters,reports,suites,scripts}/**/*.test.ts';
const labTests = '{harness,clusters,reports,suites,scripts}/**/*.lab.test.ts';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: [tests], exclude: [labTests], testTimeout: 30_000, maxWorkers: 2 } },
      // A virtual machine each: one file at a time, and a boot under software emulation takes seconds.
      { test: { name: 'lab', include: [labTests], fileParallelism: false, testTimeout: 180_000, hookTimeout: 180_000 } },
    ],
  },
});
