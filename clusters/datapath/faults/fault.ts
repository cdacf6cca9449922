import type { DatapathContext } from '../context.ts';

/** A fault of the catalogue (FAULTS: L..), made by real operations on the kernel. */
export interface DatapathFault {
  readonly id: string;
  /** One sentence: what is wrong afterwards. */
  readonly what: string;
  /** `instead-of-enable`: takes the place of turning encryption on. `after-enable`: done to a healthy layout. */
  readonly when: 'instead-of-enable' | 'after-enable';
  inject(context: DatapathContext): Promise<void>;
}
