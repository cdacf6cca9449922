import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingRequirements } from '../../clusters/lab/requirements.ts';
import { HELD_MS, slowWire } from './testdata/cross-initiations.ts';
import { recordCrossings } from './testdata/record-crossings.ts';

const missing = await missingRequirements();

describe.skipIf(missing.length > 0)('two nodes without a session', () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'wirewitness-crossing-'));
  });
  afterAll(async () => {
    await rm(out, { recursive: true, force: true });
  });

  test('whose handshakes cross are opened by WireGuard’s retry, and the run is green', async () => {
    const [crossing] = await recordCrossings({ times: 1, out: join(out, 'crossing'), progress: () => {} });
    expect(crossing?.verdict).toBe('supports');
    // Both are on the wire before either could be answered; the retry comes after 5 s (REKEY_TIMEOUT).
    const [, second = Number.NaN, third = Number.NaN] = crossing?.initiationsMs ?? [];
    expect(second).toBeLessThan(HELD_MS);
    expect(third).toBeGreaterThanOrEqual(5000);
    expect(crossing?.openedMs).toHaveLength(2);
  }, 300_000);

  test('are opened from one end, so that no handshakes cross however slow the wire is', async () => {
    const [opened] = await recordCrossings({ times: 1, out: join(out, 'slow'), progress: () => {}, disturb: slowWire });
    expect(opened?.verdict).toBe('supports');
    expect(opened?.initiationsMs).toEqual([0]);
  }, 300_000);
});
