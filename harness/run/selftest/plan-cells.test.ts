import { expect, test } from 'vitest';
import { fittingCell } from '../../../clusters/datapath/faults/cells.ts';
import { FAULTS } from '../../../clusters/faults.ts';
import { labRefusal } from '../../../clusters/lab/lab-refusal.ts';
import { catalogue } from '../../../suites/catalogue.ts';
import type { FaultCell, FaultStatement } from '../../model/cluster.ts';
import { faultCells } from './fault-cells.ts';
import { ipsec, wireguard } from './layouts.ts';
import { planCells } from './plan-cells.ts';

const cell = (more: Partial<FaultCell>): FaultCell => ({ mode: 'ipsec', reddens: ['WIR-01'], implies: [], ...more });
const fault = (...cells: FaultCell[]): FaultStatement => ({
  id: 'L99',
  what: 'a fault',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells,
  why: '',
});

test('the first cell that fits an intent counts', () => {
  const native = cell({ routings: ['native'], reddens: ['A'] });
  const old = cell({ profiles: ['1.14'], reddens: ['B'] });
  const dual = cell({ families: ['ipv6'], reddens: ['C'] });
  const rest = cell({ reddens: ['D'] });
  const statement = fault(native, old, dual, rest);
  const of = (intent: Parameters<typeof fittingCell>[1]) => fittingCell(statement, intent)?.reddens[0];
  expect(of(ipsec({ routing: 'native', profile: '1.14' }))).toBe('A');
  expect(of(ipsec({ profile: '1.14' }))).toBe('B');
  expect(of(ipsec({ families: ['ipv4', 'ipv6'] }))).toBe('C');
  expect(of(ipsec())).toBe('D');
  expect(of(wireguard())).toBeUndefined();
  const nodes = fault(cell({ mode: 'wireguard', nodeEncryption: true }));
  expect(fittingCell(nodes, wireguard())).toBeUndefined();
  expect(fittingCell(nodes, wireguard({ nodeEncryption: true }))).toBe(nodes.cells[0]);
});

test('a fault becomes a cell for each layout that it fits, with the catalogue’s expectation', () => {
  const cells = faultCells(fault(cell({ reddens: ['WIR-01'], implies: ['WIR-02'] })), [ipsec(), wireguard(), ipsec({ routing: 'native' })]);
  expect(cells.map(({ id }) => id)).toEqual(['L99 ipsec 1.18 vxlan', 'L99 ipsec 1.18 native']);
  expect(cells[0]).toMatchObject({ subject: 'L99', kind: 'fault', reddens: ['WIR-01'], implies: ['WIR-02'], nodes: 2 });
});

test('the whole matrix: ids are unique, every fault is in it, and every layout can be set up', () => {
  const cells = planCells({ quick: false, subjects: [] });
  expect(new Set(cells.map(({ cell: { id } }) => id)).size).toBe(cells.length);
  const subjects = new Set(cells.map(({ cell: { subject } }) => subject));
  expect(FAULTS.map(({ id }) => id).filter((id) => !subjects.has(id))).toEqual([]);
  for (const { cell: planned, source } of cells) if (source.kind === 'lab') expect(labRefusal(planned.intent), planned.id).toBeNull();
});

test('every check that a fault names is one that the judge has, and none is named twice', () => {
  const known = new Set(catalogue.map(({ id }) => id));
  for (const { id, cells } of FAULTS)
    for (const { reddens, implies } of cells) {
      expect(
        [...reddens, ...implies].filter((check) => !known.has(check)),
        id,
      ).toEqual([]);
      expect(
        reddens.filter((check) => implies.includes(check)),
        id,
      ).toEqual([]);
      expect(reddens.length, id).toBeGreaterThan(0);
    }
});

test('every check that a fault names in some layout is named by a cell of the whole matrix, so that it is seen red', () => {
  const planned = planCells({ quick: false, subjects: [] }).flatMap(({ cell: { reddens } }) => reddens);
  const stated = FAULTS.flatMap(({ cells }) => cells.flatMap(({ reddens }) => reddens));
  expect([...new Set(stated)].filter((id) => !planned.includes(id))).toEqual([]);
});

test('the quick matrix: one cell a fault, and healthy ones of each mode', () => {
  const cells = planCells({ quick: true, subjects: [] });
  const faults = cells.filter(({ cell: { kind } }) => kind === 'fault').map(({ cell: { subject } }) => subject);
  expect(faults).toEqual(FAULTS.map(({ id }) => id));
  const modes = cells.filter(({ cell: { kind } }) => kind === 'healthy').map(({ cell: { intent } }) => intent.mode);
  expect(new Set(modes)).toEqual(new Set(['ipsec', 'wireguard', 'tls', 'none']));
});

test('named subjects and filters, healthy variants before faults; what nobody knows is refused', () => {
  const ids = planCells({ quick: false, subjects: ['L03', 'H03'], mode: 'ipsec', profile: '1.18' }).map(({ cell: { id } }) => id);
  expect(ids[0]).toBe('H03 ipsec 1.18 geneve');
  expect(ids.slice(1)).toContain('L03 ipsec 1.18 native');
  expect(ids.some((id) => id.includes('1.17'))).toBe(false);
  expect(() => planCells({ quick: false, subjects: ['L03', 'L98'] })).toThrow(/--fault L98: unknown; the matrix knows L01, .*H19/);
  expect(() => planCells({ quick: true, subjects: ['L17'], mode: 'ipsec' })).toThrow(/no cell of the matrix matches L17 ipsec/);
});
