import { describe, expect, test } from 'vitest';
import { decodeKeyCreated, describeKeyCreated } from '../../harness/stacks/cilium/key-created.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { buildRecording, type OutputParts } from '../../harness/testing/recording.ts';
import { ROUTER1, ROUTER2 } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

/** The recording is of 1 January 2026. */
const created = (time: string): OutputParts => ({ snapshot: 'before', node: null, collector: 'key-secret-created', stdout: `${time}\n` });
const sa = (added: string): OutputParts => ({
  snapshot: 'before',
  node: 'node1',
  collector: 'xfrm-state',
  stdout: `src ${ROUTER1} dst ${ROUTER2}
	proto esp spi 0x00000003(3) reqid 1(0x00000001) mode tunnel
	replay-window 0 seq 0x00000000 flag af-unspec (0x00100000)
	aead rfc4106(gcm(aes)) <key:160:aaaa> 128
	lifetime current:
	  0(bytes), 0(packets)
	  add ${added} use -
`,
});

async function verdictOf(outputs: readonly OutputParts[], cryptoperiodDays: number | undefined = 90) {
  const intent = { mode: 'ipsec' as const, ...(cryptoperiodDays === 0 ? {} : { cryptoperiodDays }) };
  const { verdicts } = await judgeAsText(buildRecording({ intent, outputs }), checksOf('CFG'));
  return verdicts.find(({ id }) => id === 'CFG-10');
}

describe('CFG-10', () => {
  test('supports a key whose Secret is young enough, and applies only where a cryptoperiod is declared', async () => {
    expect((await verdictOf([created('2025-12-01T00:00:00Z'), sa('2025-12-31 23:59:00')]))?.verdict).toBe('supports');
    expect((await verdictOf([created('2025-12-01T00:00:00Z')], 0))?.verdict).toBe('not-applicable');
  });

  test('contradicts where a kernel has the key for longer, whatever the Secret says', async () => {
    expect(await verdictOf([created('2025-12-01T00:00:00Z'), sa('2025-09-01 00:00:00')])).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringMatching(/node1 before: SA .* has been in the kernel for 122\.0 days, the declared cryptoperiod is 90/),
    });
  });

  test.each([
    [
      'the Secret is older (L84)',
      [created('2024-01-01T00:00:00Z'), sa('2025-12-31 23:59:00')],
      /created 731\.0 days ago, the declared cryptoperiod is 90/,
    ],
    ['the Secret is of the future', [created('2027-01-01T00:00:00Z')], /a clock is wrong/],
    ['the Secret does not say', [created('unknown')], /key-secret-created/],
    ['the Secret was not read', [], /key-secret-created/],
  ])('is inconclusive where %s', async (_, outputs, reason) => {
    expect(await verdictOf(outputs)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
  });
});

test('of the Secret only the time is stored', () => {
  const secret = (time: string) =>
    `apiVersion: v1\ndata:\n  keys: c2VjcmV0\nmetadata:\n  creationTimestamp: ${time}\n  name: cilium-ipsec-keys\n`;
  for (const time of ['2025-12-01T08:09:10Z', '"2025-12-01T08:09:10Z"'])
    expect(describeKeyCreated(secret(time))).toBe('2025-12-01T08:09:10Z\n');
  for (const time of ['null', 'yesterday', 'c2VjcmV0']) expect(describeKeyCreated(secret(time))).toBe('unknown\n');
  expect(decodeKeyCreated('2025-12-01T08:09:10Z\n').items).toEqual(['2025-12-01T08:09:10Z']);
  for (const text of ['unknown\n', '2025-13-45T99:99:99Z\n', '']) expect(decodeKeyCreated(text).items).toEqual([]);
});
