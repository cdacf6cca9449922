import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { FAULTS } from '../../faults.ts';
import { DATAPATH_FAULTS } from './catalogue.ts';
import { NOT_MADE } from './not-made.ts';

const known = new Set(catalogue.map(({ id }) => id));

describe('the catalogue of faults', () => {
  test('has each id once, in a form that names its variants', () => {
    const ids = DATAPATH_FAULTS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^L\d\d[a-z]?$/);
  });

  test.each(DATAPATH_FAULTS.map((fault) => [fault.id, fault] as const))('%s says what, why and what it reddens', (_, fault) => {
    expect(fault.what).not.toBe('');
    expect(fault.why).not.toBe('');
    expect(fault.cells.length).toBeGreaterThan(0);
    for (const { reddens, implies } of fault.cells) {
      expect(reddens.length).toBeGreaterThan(0);
      for (const id of [...reddens, ...implies]) expect(known, `${id} is a check`).toContain(id);
    }
    expect(fault.when === 'false-answers').toBe(fault.withFalseAnswers !== undefined);
  });

  test('has L01 to L41, and turns every check red that a fault in a lab can', () => {
    for (let number = 1; number <= 41; number++) {
      const id = `L${String(number).padStart(2, '0')}`;
      expect(
        DATAPATH_FAULTS.some((fault) => fault.id.startsWith(id)),
        id,
      ).toBe(true);
    }
    const caught = new Set(FAULTS.flatMap(({ cells }) => cells.flatMap(({ reddens }) => reddens)));
    const without = new Set(NOT_MADE.map(({ id }) => id));
    expect([...known].filter((id) => !caught.has(id) && !without.has(id))).toEqual([]);
  });
});
