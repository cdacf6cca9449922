import { NOT_MADE } from '../../clusters/datapath/faults/not-made.ts';
import { FAULTS } from '../../clusters/faults.ts';
import type { ControlRecord } from '../judge/controls/control-record.ts';
import { controlRun } from '../judge/controls/seen-red.ts';

/** The faults of the reference datapath, by the checks that each must turn red. */
export const controlRecord: ControlRecord = {
  faultsOf: (check) => FAULTS.filter(({ cells }) => cells.some(({ reddens }) => reddens.includes(check))).map(({ id }) => id),
  whyNone: (check) => NOT_MADE.find(({ id }) => id === check)?.reason,
  run: controlRun,
};
