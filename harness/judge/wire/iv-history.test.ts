import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IvHistory } from './iv-history.ts';

test('the first sequence number of each vector is named, whether vectors follow their numbers or not', () => {
  const frame = fc.record({
    association: fc.nat(1),
    sequence: fc.nat(12),
    /** The vector: of Linux, of another rule, any, or none. */
    vector: fc.oneof(fc.constant('linux' as const), fc.nat(12), fc.constant(null)),
  });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 40 }), (frames) => {
      const noted = new Set<string>();
      const history = new IvHistory((association, sequence) => noted.has(`${association} ${sequence}`));
      const firsts = new Map<string, number>();
      for (const { association, sequence, vector } of frames) {
        if (noted.has(`${association} ${sequence}`)) continue;
        noted.add(`${association} ${sequence}`);
        const low = vector === 'linux' ? sequence ^ 9 : vector;
        const bytes = Buffer.alloc(8);
        bytes.writeUInt32BE(low ?? 0, 4);
        const first = firsts.get(`${association} ${low}`);
        expect(history.note(association, sequence, bytes, low === null ? -1 : 0)).toBe(low === null ? -1 : (first ?? -1));
        if (low !== null && first === undefined) firsts.set(`${association} ${low}`, sequence);
      }
    }),
    { numRuns: 2000 },
  );
});
