import { describe, expect, test } from 'vitest';
import { expectClean } from './verify-clean.ts';

const CLEAN = '#state\n#policy\n#rule\n#route\n#device\n#nft\n#end\n';

describe('expectClean', () => {
  test('takes a node without leftovers', () => expectClean('node1', CLEAN));

  test('names what is left, as the block policy that a real 1.18.3 left', () => {
    const left = CLEAN.replace('#rule', 'src 0.0.0.0/0 dst 0.0.0.0/0 \n#rule');
    expect(() => expectClean('node1', left)).toThrow('node1: not clean after disabling: policy src 0.0.0.0/0 dst 0.0.0.0/0');
  });

  test.each(['', '#state\n#policy\n'])('does not take a probe that stopped early: %j', (output) => {
    expect(() => expectClean('node1', output)).toThrow(/did not run to its end/);
  });
});
