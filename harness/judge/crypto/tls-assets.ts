import { isPostQuantum } from '../../decode/tls/registry.ts';
import type { TlsCertificateAsset, TlsSessionsAsset } from '../../model/crypto.ts';
import type { Recording } from '../../model/recording.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { CaptureFacts } from '../wire/capture-facts.ts';
import { textOf } from './command-text.ts';
import { type CryptoReading, sightings } from './sightings.ts';

type Shown = Omit<TlsCertificateAsset, 'kind' | 'firstSeen' | 'lastSeen' | 'goneBy' | 'nodes' | 'evidence'>;

/** Every certificate that a proxy had, in the order in which they were first seen. */
export async function tlsCertificates(recording: Recording, gaps: string[]): Promise<readonly TlsCertificateAsset[]> {
  const reading = stackOf(recording.manifest.intent).meshReadings?.certificates;
  if (reading === undefined) return [];
  const readings: CryptoReading<Shown>[] = [];
  for (const command of recording.manifest.commands.filter(({ collector }) => collector === reading.collector)) {
    const text = await textOf(recording, command, gaps);
    if (text === null) continue;
    const { items, unparsed } = reading.decode(text);
    if (unparsed.length > 0) gaps.push(`${command.node} ${command.snapshot}: ${command.stdout} has a certificate that cannot be read`);
    const shown = items.map(({ identity, certificate }): [string, Shown] => {
      const { serial, keyAlgorithm, keyFingerprint, notBefore, notAfter } = certificate;
      return [serial, { identity, serial, keyAlgorithm, keyFingerprint, notBefore, notAfter }];
    });
    readings.push({ command, shown: new Map(shown) });
  }
  return sightings(readings).map(({ value, seen }) => ({ kind: 'tls-certificate', ...value, ...seen }));
}

/** The TLS connections that carried data while encryption was on, by version, suite and group, the most frequent first. */
export function tlsSessions(captures: readonly CaptureFacts[]): readonly TlsSessionsAsset[] {
  const seen = captures
    .filter(({ record }) => record.phase !== 'clear' && record.vantage !== 'pod')
    .flatMap(({ record, tls }) => tls.filter(({ established }) => established).map((connection) => ({ record, connection })));
  const groups = Map.groupBy(seen, ({ connection: { version, suite, group } }) => [version, suite, group].join(' '));
  return [...groups.values()]
    .map((own): TlsSessionsAsset => {
      const { version, suite, group } = own[0]!.connection;
      // Two captures may show the same connection.
      const ends = new Set(own.map(({ connection: c }) => `${c.client} ${c.clientPort} ${c.server} ${c.serverPort}`));
      return {
        kind: 'tls-sessions',
        version: version ?? 'unknown',
        suite: suite ?? 'unknown',
        group,
        postQuantum: group !== null && isPostQuantum(group),
        connections: ends.size,
        firstSeen: own.map(({ record }) => record.startedAt.utc).sort()[0]!,
        lastSeen: own
          .map(({ record }) => record.stoppedAt.utc)
          .sort()
          .at(-1)!,
        goneBy: null,
        nodes: [],
        evidence: [...new Set(own.map(({ record }) => record.file))],
      };
    })
    .sort((a, b) => b.connections - a.connections);
}
