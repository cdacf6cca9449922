import { describe, expect, test } from 'vitest';
import type { Intent } from '../../harness/model/intent.ts';
import type { TrafficRecord } from '../../harness/model/recording.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { buildRecording, flow, instantAt, type OutputParts } from '../../harness/testing/recording.ts';
import { checksOf } from '../catalogue.ts';

const STRICT: Partial<Intent> = { mode: 'wireguard', profile: '1.20', strictIngress: true };

const times = { startedAt: instantAt(61), endedAt: instantAt(61) };
const own = (more: Partial<TrafficRecord> = {}) =>
  flow('inbound', 'aa'.repeat(16), { id: 'inbound/own/udp/ipv4/demo/a/demo/b', ...times, ...more });
const injected = (more: Partial<TrafficRecord> = {}) =>
  flow('inbound', 'bb'.repeat(16), { id: 'inbound/injected/udp/ipv4/demo/a/demo/b', ...times, ...more });

const drops = (
  node: string,
  snapshot: 'before' | 'after' | 'inbound',
  packets: number,
  reason = 'Traffic is unencrypted',
): OutputParts => ({
  snapshot,
  node,
  collector: 'drop-counters',
  stdout: `REASON   DIRECTION   PACKETS   BYTES\n${reason}   INGRESS   ${packets}   100\n`,
});
/** The counter grows only when the packet comes. */
const counted = (by: number, reason?: string) => [
  drops('node2', 'before', 3, reason),
  drops('node2', 'after', 3, reason),
  drops('node2', 'inbound', 3 + by, reason),
];

async function verdictOf(traffic: readonly TrafficRecord[], outputs: readonly OutputParts[] = [], intent: Partial<Intent> = STRICT) {
  const { verdicts } = await judgeAsText(buildRecording({ intent, traffic, outputs }), checksOf('WIR'));
  return verdicts.find(({ id }) => id === 'WIR-14');
}

describe('WIR-14', () => {
  test('a pod that answers a readable packet contradicts strict mode, and is told where strict mode is not claimed', async () => {
    expect(await verdictOf([own(), injected()], counted(1))).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining('demo/b on node2 answered a readable packet from outside with the address of demo/a'),
    });
    for (const intent of [{ mode: 'wireguard' as const }, { mode: 'ipsec' as const }])
      expect(await verdictOf([own(), injected()], [], intent)).toMatchObject({
        verdict: 'not-applicable',
        reason: expect.stringContaining('it accepts plaintext'),
      });
  });

  test('supports where the node counted the drop, claimed or not', async () => {
    const silent = [own(), injected({ answered: 0 })];
    expect((await verdictOf(silent, counted(1)))?.verdict).toBe('supports');
    expect((await verdictOf(silent, counted(1), { mode: 'wireguard' }))?.verdict).toBe('supports');
  });

  test.each([
    ['nothing shows a drop', [own(), injected({ answered: 0 })]],
    ['the pods do not reach each other', [own({ answered: 0 }), injected({ answered: 0 })]],
  ])('leaves the run alone where strict mode is not claimed and %s', async (_, traffic) => {
    expect((await verdictOf(traffic, counted(0), { mode: 'wireguard' }))?.verdict).toBe('not-applicable');
    expect((await verdictOf(traffic, [], { mode: 'ipsec' }))?.verdict).toBe('not-applicable');
  });

  test.each([
    ['nobody counted the drop', [own(), injected({ answered: 0 })], counted(0), /grew by 0/],
    ['another reason was counted', [own(), injected({ answered: 0 })], counted(1, 'Invalid packet'), /grew by 0/],
    ['the counters were not read', [own(), injected({ answered: 0 })], [], /node2 .*drop-counters/],
    ['the pods do not reach each other', [own({ answered: 0, note: 'no route' }), injected({ answered: 0 })], counted(1), /no route/],
    ['the packet was not sent', [own(), injected({ sent: 0, answered: 0, note: 'not a neighbour' })], counted(0), /not a neighbour/],
    [
      'packets were dropped before too',
      [own(), injected({ answered: 0 })],
      [drops('node2', 'before', 1), ...counted(1).slice(1)],
      /grew by 1, and by 2 before that/,
    ],
    ['the counters before it were not read', [own(), injected({ answered: 0 })], counted(1).slice(1), /an unknown number before that/],
    [
      'the uplink did not show it',
      [own(), injected({ answered: 0, arrived: 0 })],
      counted(1),
      /uplink of node2 did not show the packet: the network/,
    ],
    [
      'it was answered, and the uplink did not show it',
      [own(), injected({ arrived: 0 })],
      counted(0),
      /demo\/b answered, but the uplink of node2/,
    ],
    ['the own request is missing', [injected({ answered: 0 })], counted(1), /only one of the two/],
  ])('is inconclusive where %s', async (_, traffic, outputs, reason) => {
    expect(await verdictOf(traffic, outputs)).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(reason) });
  });

  describe('in both families', () => {
    const six = (what: typeof own, more: Partial<TrafficRecord> = {}) =>
      what({ id: `inbound/${what === own ? 'own' : 'injected'}/udp/ipv6/demo/a/demo/b`, family: 'ipv6', ...more });

    test('one that is answered contradicts, though the other was dropped', async () => {
      const found = await verdictOf([own(), injected({ answered: 0 }), six(own), six(injected)], counted(1));
      expect(found).toMatchObject({ verdict: 'contradicts', reason: expect.stringMatching(/demo\/a \(ipv6\): it accepts plaintext/) });
    });

    test('each that was not answered must be counted', async () => {
      const silent = [own(), injected({ answered: 0 }), six(own), six(injected, { answered: 0 })];
      expect((await verdictOf(silent, counted(2)))?.verdict).toBe('supports');
      expect(await verdictOf(silent, counted(1))).toMatchObject({
        verdict: 'inconclusive',
        reason: expect.stringMatching(/grew by 1, 2 sent/),
      });
    });
  });

  test('does not call it accepted where it may have been encrypted on its way', async () => {
    const { verdict, reason } = (await verdictOf([own(), injected({ arrived: 0 })], [], { mode: 'ipsec' })) ?? {};
    expect([verdict, reason]).toEqual(['not-applicable', expect.stringContaining('did not show the packet readable')]);
    expect(reason).not.toContain('accepts plaintext');
    expect((await verdictOf([own(), injected({ arrived: 1 })]))?.verdict).toBe('contradicts');
  });

  test('says that nothing was sent from outside', async () => {
    expect(await verdictOf([])).toMatchObject({ verdict: 'not-exercised', reason: expect.stringContaining('--inject-inbound') });
    expect((await verdictOf([], [], { mode: 'ipsec' }))?.verdict).toBe('not-applicable');
  });
});
