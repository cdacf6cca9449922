import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingRequirements } from '../../clusters/lab/requirements.ts';
import { HELD_MS } from './testdata/cross-initiations.ts';
import { recordCrossings } from './testdata/record-crossings.ts';

const missing = await missingRequirements();

test.skipIf(missing.length > 0)(
  'two nodes whose handshakes cross are opened by WireGuard’s retry, and the run is green',
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'wirewitness-crossing-'));
    try {
      const [crossing] = await recordCrossings({ times: 1, out, progress: () => {} });
      expect(crossing?.verdict).toBe('supports');
      // Both are on the wire before either could be answered; the retry comes after 5 s (REKEY_TIMEOUT).
      const [, second = Number.NaN, third = Number.NaN] = crossing?.initiationsMs ?? [];
      expect(second).toBeLessThan(HELD_MS);
      expect(third).toBeGreaterThanOrEqual(5000);
      expect(crossing?.openedMs).toHaveLength(2);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
  300_000,
);
