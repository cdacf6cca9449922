import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { missingRequirements } from '../../clusters/lab/requirements.ts';
import { recordCrossings } from './testdata/record-crossings.ts';

const missing = await missingRequirements();

test.skipIf(missing.length > 0)(
  'two nodes whose handshakes cross are opened by WireGuard’s retry, and the run is green',
  async () => {
    const out = await mkdtemp(join(tmpdir(), 'wirewitness-crossing-'));
    try {
      const [crossing] = await recordCrossings({ times: 1, out, progress: () => {} });
      expect(crossing?.verdict).toBe('supports');
      // The retry comes 5 s after the crossing (REKEY_TIMEOUT), some of which had passed when the opening began.
      expect(crossing?.openedMs).toHaveLength(2);
      for (const ms of crossing?.openedMs ?? []) expect(ms).toBeGreaterThan(4000);
      expect(crossing?.initiations).toBeGreaterThanOrEqual(3);
    } finally {
      await rm(out, { recursive: true, force: true });
    }
  },
  300_000,
);
