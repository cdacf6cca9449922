import type { Report } from '../../harness/model/report.ts';
import type { Scope } from './applicability.ts';
import { evaluateControls } from './evaluate-controls.ts';
import type { Framework } from './framework-schema.ts';
import type { ControlMatrix } from './rows.ts';

/** The matrix with its inputs. */
export function controlMatrix(report: Report, frameworks: readonly Framework[], scope: Scope): ControlMatrix {
  return {
    schema: 1,
    run: report.run.id,
    environmentClass: report.environment.class,
    scope: Object.fromEntries(Object.entries(scope).sort(([a], [b]) => (a < b ? -1 : 1))),
    frameworks: frameworks.map(({ id, title, version, note }) => ({ id, title, version, note })),
    rows: evaluateControls(report, frameworks, scope),
  };
}

/** controls.json. The same matrix gives the same bytes. */
export function writeControlsJson(matrix: ControlMatrix): string {
  return `${JSON.stringify(matrix, null, 2)}\n`;
}
