import type { CheckVerdict } from '../model/verdict.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the recording that the suites judge. */
    recording: string;
  }

  interface TaskMeta {
    /** The verdict of the check that the test stands for. */
    verdict?: CheckVerdict;
  }
}
