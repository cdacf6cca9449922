import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pcapFile } from '../../testing/capture-file.ts';
import { clearPing, espFrame, wireguardFrame } from '../../testing/node-frames.ts';
import { accountFor } from './ledger.ts';
import { type MergedLedger, mergeLedgers, NO_LEDGER, type NodeLedger, sumOf, withMissing } from './merge-ledgers.ts';

const CANARY = 'ab'.repeat(16);

async function ledgerOf(frames: readonly Buffer[]) {
  async function* source() {
    yield pcapFile([...frames]);
  }
  return accountFor(source());
}

/** Frames of each kind, some of them equal in flow and SA. */
const frame = fc.oneof(
  fc.constantFrom<8 | 0>(8, 0).map((type) => clearPing(type, CANARY)),
  fc
    .tuple(fc.constantFrom<'out' | 'back'>('out', 'back'), fc.integer({ min: 1, max: 50 }))
    .map(([way, number]) => wireguardFrame(way, number)),
);
const frames = fc.array(frame, { maxLength: 20 });

const collection = fc
  .array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), frames), { maxLength: 4 })
  .map((entries) => entries.map(([node, list]) => ({ node, list })));

async function collected(entries: readonly { node: string; list: Buffer[] }[]): Promise<MergedLedger> {
  const parts = await Promise.all(
    entries.map(async ({ node, list }): Promise<MergedLedger> => ({ nodes: [{ node, ledger: await ledgerOf(list), gaps: [] }] })),
  );
  return parts.reduce(mergeLedgers, NO_LEDGER);
}

describe('ledgers of many nodes', () => {
  test('merge in any grouping and any order to the same', async () => {
    await fc.assert(
      fc.asyncProperty(collection, collection, collection, async (x, y, z) => {
        const [a, b, c] = (await Promise.all([x, y, z].map(collected))) as [MergedLedger, MergedLedger, MergedLedger];
        expect(mergeLedgers(mergeLedgers(a, b), c)).toEqual(mergeLedgers(a, mergeLedgers(b, c)));
        expect(mergeLedgers(a, b)).toEqual(mergeLedgers(b, a));
        expect(mergeLedgers(a, NO_LEDGER)).toEqual(a);
      }),
      { numRuns: 40 },
    );
  });

  test('add up to the view of one recorder that saw all frames', async () => {
    await fc.assert(
      fc.asyncProperty(frames, frames, frames, async (x, y, z) => {
        const nodes = await Promise.all(
          [x, y, z].map(async (list, index): Promise<NodeLedger> => ({ node: `n${index}`, ledger: await ledgerOf(list), gaps: [] })),
        );
        const whole = await ledgerOf([...x, ...y, ...z]);
        const one = sumOf({
          nodes: [
            { node: 'all', ledger: whole, gaps: [] },
            { node: 'none', ledger: await ledgerOf([]), gaps: [] },
          ],
        });
        const sum = sumOf({ nodes });
        // A file's own header belongs to no frame.
        expect(sum).toEqual(one);
      }),
      { numRuns: 40 },
    );
  });

  test('sequence numbers of an SA span those of its parts', async () => {
    const [a, b] = await Promise.all([ledgerOf([espFrame('out', 5), espFrame('out', 9)]), ledgerOf([espFrame('out', 2)])]);
    const sum = sumOf({
      nodes: [
        { node: 'a', ledger: a, gaps: [] },
        { node: 'b', ledger: b, gaps: [] },
      ],
    });
    expect(sum?.esp).toMatchObject([{ frames: 3, firstSeq: 2, lastSeq: 9 }]);
  });

  test('a node that handed in nothing is there, without a ledger and with the reason', () => {
    expect(withMissing(NO_LEDGER, ['a'], 'its pod failed').nodes).toEqual([{ node: 'a', ledger: null, gaps: ['its pod failed'] }]);
    expect(sumOf(withMissing(NO_LEDGER, ['a'], 'its pod failed'))).toBeNull();
  });

  test('two recorders on one node cancel each other', async () => {
    const one: MergedLedger = { nodes: [{ node: 'a', ledger: await ledgerOf([]), gaps: [] }] };
    expect(mergeLedgers(one, one).nodes).toEqual([{ node: 'a', ledger: null, gaps: ['two recorders wrote a ledger for this node'] }]);
  });
});
