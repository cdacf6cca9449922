import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyText } from '../../../testing/any-text.ts';
import { decodeConfigDrift } from './config-drift.ts';

const HEAD = 'Metric                                Labels      Value\n';
const row = (value: string) => `${HEAD}cilium_drift_checker_config_delta                 ${value}\n`;

test('the number of keys that differ, and nothing where the agent has no drift checker', () => {
  expect(decodeConfigDrift(row('0.000000')).items).toEqual([0]);
  expect(decodeConfigDrift(row('3.000000'))).toEqual({ items: [3], unparsed: [] });
  for (const text of [HEAD, '']) expect(decodeConfigDrift(text)).toEqual({ items: [], unparsed: [] });
});

test('any other text is unparsed, never a number', () => {
  for (const text of [
    row('2.500000'),
    row('-1.000000'),
    row('NaN'),
    `${HEAD}cilium_bpf_maps   48.000000\n`,
    'Error: cannot get metrics\n',
  ]) {
    const { items, unparsed } = decodeConfigDrift(text);
    expect(items).toEqual([]);
    expect(unparsed).toHaveLength(1);
  }
  fc.assert(
    fc.property(anyText(), (text) => {
      for (const item of decodeConfigDrift(text).items) expect(Number.isInteger(item)).toBe(true);
    }),
  );
});
