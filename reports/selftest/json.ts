import type { SelftestReport } from '../../harness/model/selftest.ts';

/** `selftest.json`. */
export function writeSelftestJson(report: SelftestReport): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}
