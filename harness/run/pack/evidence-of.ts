import type { Classification, EvidenceItem } from '../../../reports/pack/manifest.ts';
import type { RecordingManifest } from '../../model/recording.ts';

/** Where a file of the recording came from. */
export type EvidenceOrigin = Pick<EvidenceItem, 'producer' | 'command' | 'acquiredAt'>;

/** The origin of every file in a recording's manifest; a file without a record was written by the recorder. */
export function originsOf(manifest: RecordingManifest): (path: string) => EvidenceOrigin {
  const origins = new Map<string, EvidenceOrigin>();
  for (const { stdout, stderr, node, shell, argv, exitCode, endedAt } of manifest.commands) {
    const place = node === null ? shell : `${node}/${shell}`;
    for (const path of [stdout, stderr])
      origins.set(path, { producer: 'command', command: { place, argv, exitCode }, acquiredAt: endedAt.utc });
  }
  for (const { file, node, interface: device, argv, exitCode, startedAt } of manifest.captures) {
    const origin: EvidenceOrigin = {
      producer: 'capture',
      command: { place: `${node ?? 'tap'}/${device}`, argv, exitCode },
      acquiredAt: startedAt.utc,
    };
    origins.set(file, origin);
    origins.set(file.replace(/\.pcap$/, '.log'), origin);
  }
  const own: EvidenceOrigin = { producer: 'recorder', acquiredAt: manifest.run.endedAt.utc };
  return (path) => origins.get(path) ?? own;
}

/** The content of a pack of a lab is artificial; a pack of any other cluster shows names, addresses and layout. */
export function classificationOf({ cluster }: Pick<RecordingManifest, 'cluster'>): Classification {
  return cluster.environmentClass === 'lab' ? 'synthetic' : 'confidential';
}
