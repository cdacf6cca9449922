import { expect, test } from 'vitest';
import { layoutsWhere } from './profile.ts';

test('fragmented echoes are dropped from 1.18 on alone: 1.16 loses large datagrams of IPsec elsewhere', () => {
  expect(layoutsWhere(({ dropsFragmentedEcho }) => dropsFragmentedEcho)).toEqual(['1.18', '1.19', '1.20']);
});
