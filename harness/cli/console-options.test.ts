import { expect, test } from 'vitest';
import { wantsColor } from './console-options.ts';

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '', CLICOLOR: '1' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ CLICOLOR_FORCE: '1' }, false, true],
  [{ CLICOLOR_FORCE: '0' }, false, false],
  [{ CLICOLOR: '0' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('%j at a terminal %s: colour %s', (environment, isTerminal, color) => expect(wantsColor(environment, isTerminal)).toBe(color));
