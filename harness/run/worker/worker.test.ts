import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../model/ledger.ts';
import { readResult, resultLine } from './worker-result.ts';

const ledger: Ledger = {
  format: 'pcap',
  frames: 2,
  bytes: 128,
  wireBytes: 128,
  truncatedTail: false,
  classes: { clear: { frames: 2, bytes: 128 } },
  esp: [],
  wireguard: [],
  flows: [],
};

describe('the result in a worker’s log', () => {
  test('comes back as it was, among lines for people', () => {
    const result = { node: 'worker1', ledger, gaps: ['the kernel dropped 1 packet(s)'] };
    expect(readResult(`starting\n${resultLine(result)}done\n`)).toEqual(result);
  });

  test.each([
    ['no result', 'starting\n', /no result/],
    ['cut', resultLine({ node: 'a', ledger, gaps: [] }).slice(0, -20), /cut or broken/],
    ['two', resultLine({ node: 'a', ledger, gaps: [] }).repeat(2), /more than one/],
    ['another shape', 'wirewitness-worker-result {"node":"a","gaps":[],"ledger":{"frames":"many"}}\n', /not valid/],
  ])('%s: no result, and why', (_, log, why) => {
    expect(readResult(log)).toMatch(why);
  });
});
