import { expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { controlMatrix } from '../controls/control-matrix.ts';
import { loadFrameworks } from '../controls/load-frameworks.ts';
import { hostileReport } from '../testdata/hostile-report.ts';
import { healthyReport } from '../testdata/sample-report.ts';
import { plain, table, writePciJson, writePciReport } from './pci-report.ts';
import { procedureTable } from './procedure-table.ts';

const frameworks = await loadFrameworks();
const matrixOf = (report: Report) =>
  controlMatrix(report, frameworks, { paymentCardData: true, dataOverOpenNetworks: true, insecureServices: false });
const healthy = healthyReport();

/** Ids for every file that the sample's checks name, as a pack gives them. */
const ids = new Map(
  [...new Set(healthy.verdicts.flatMap(({ evidence }) => evidence))]
    .sort()
    .map((path, index) => [`recording/${path}`, `EV-${String(index + 1).padStart(3, '0')}`]),
);

test('a procedure refers to evidence by id where a pack gives ids, else by path', () => {
  const of = (procedure: string, given?: typeof ids) => procedureTable(matrixOf(healthy), given).find((row) => row.procedure === procedure);
  const paths = of('4.2.1.b')?.evidence ?? [];
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) expect(path).toMatch(/^recording\//);
  expect(of('4.2.1.b', ids)?.evidence).toEqual(paths.map((path) => ids.get(path)).sort());
});

test('evidence that the pack does not hold is an error that names it', () => {
  expect(() => procedureTable(matrixOf(healthy), new Map())).toThrow(/the pack has no evidence id for recording\//);
});

test('only PCI DSS is in the table, with every procedure', () => {
  const procedures = procedureTable(matrixOf(healthy)).map(({ procedure }) => procedure);
  expect(procedures).toEqual(expect.arrayContaining(['4.2.1.a', '4.2.1.b', '4.2.1.c', '4.2.1.d', '8.3.2.c', '12.3.3']));
  expect(procedures.join(' ')).not.toMatch(/sc-8|A\.8/);
});

test('the report says applicability first, what a person must do, and never that a requirement is met', () => {
  const text = writePciReport(healthy, matrixOf(healthy), ids);
  expect(text.indexOf('## Applicability')).toBeLessThan(text.indexOf('## Testing procedures'));
  expect(text).toMatch(/\| 4\.2\.1 \| .* \| applicable: declared true: paymentCardData, dataOverOpenNetworks \|/);
  expect(text).toMatch(/\| 1\.2\.6 \| .* \| not-applicable-as-declared: declared false: insecureServices \| not-applicable \|/);
  expect(text).toMatch(/\| 8\.3\.2 \| .* \| applicability not declared: authFactorsOnPodNetwork \|/);
  expect(text).toMatch(/\| 4\.2\.1\.a \| interview \| - \| - \| not-tested \| assessor task \|/);
  expect(text).toContain('Environment class: **lab**');
  expect(text).not.toMatch(/complian|in place/i);
});

test('nothing declared is said so', () => {
  expect(writePciReport(healthy, controlMatrix(healthy, frameworks, {}))).toContain(
    'nothing was declared, so no requirement is said to bind',
  );
});

test('hostile texts of a recording stay text', () => {
  expect(writePciReport(hostileReport(), matrixOf(hostileReport()))).not.toMatch(/(?<!\\)</);
  expect(plain('a|b <c> `d`\n# e')).toBe('a\\|b \\<c\\> \\`d\\` # e');
  expect(table(['a'], [['']])).toBe('| a |\n| --- |\n| - |');
});

test('the same report gives the same bytes; the JSON has the whole table', () => {
  expect(writePciReport(healthy, matrixOf(healthy))).toBe(writePciReport(healthyReport(), matrixOf(healthyReport())));
  expect(JSON.parse(writePciJson(healthy, matrixOf(healthy), ids)).procedures).toEqual(procedureTable(matrixOf(healthy), ids));
});
