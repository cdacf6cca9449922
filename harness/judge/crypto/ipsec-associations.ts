import type { XfrmAlgorithm, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import type { CryptoAlgorithmUse, IpsecAssociationAsset } from '../../model/crypto.ts';
import type { Recording } from '../../model/recording.ts';
import { associationName } from '../state/associations.ts';
import { commandsOf, placeOf, textOf } from './command-text.ts';
import { type CryptoReading, sightings } from './sightings.ts';

/** Every SA with its key that any reading of any node showed, by ends, SPI and the order in which they were first seen. */
export async function ipsecAssociations(recording: Recording, gaps: string[]): Promise<readonly IpsecAssociationAsset[]> {
  // A mesh has no SA, and its stack reads none.
  if (recording.manifest.intent.mode === 'tls') return [];
  const readings: CryptoReading<XfrmState>[] = [];
  for (const command of commandsOf(recording, 'xfrm-state', gaps)) {
    const text = await textOf(recording, command, gaps);
    if (text === null) continue;
    const { items, unparsed } = decodeXfrmState(text);
    const first = unparsed[0];
    if (first !== undefined) gaps.push(`${placeOf(command)}: line ${first.line} not understood`);
    const shown = new Map<string, XfrmState>();
    for (const sa of items) {
      if (sa.incomplete) gaps.push(`${placeOf(command)}: SA ${associationName(sa)} was cut off`);
      else shown.set(identity(sa), sa);
    }
    readings.push({ command, shown });
  }
  const order = (asset: IpsecAssociationAsset): string => [asset.src, asset.dst, asset.spi].join(' ');
  return sightings(readings)
    .map(({ value, seen }) => ({ ...associationOf(value), ...seen }))
    .sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

function identity(sa: XfrmState): string {
  const keys = algorithmsOf(sa).map(({ name, fingerprint }) => `${name} ${fingerprint}`);
  return [sa.src, sa.dst, sa.spi, sa.proto, ...keys].join('|');
}

function associationOf(sa: XfrmState): Omit<IpsecAssociationAsset, 'firstSeen' | 'lastSeen' | 'goneBy' | 'nodes' | 'evidence'> {
  return {
    kind: 'ipsec-association',
    proto: sa.proto,
    src: sa.src,
    dst: sa.dst,
    spi: sa.spi,
    mode: sa.mode ?? null,
    esn: sa.flags.includes('esn'),
    algorithms: algorithmsOf(sa),
  };
}

function algorithmsOf({ aead, enc, auth }: XfrmState): readonly CryptoAlgorithmUse[] {
  return [...use('aead', aead), ...use('encryption', enc), ...use('authentication', auth)];
}

function use(role: CryptoAlgorithmUse['role'], algorithm: XfrmAlgorithm | undefined): CryptoAlgorithmUse[] {
  if (algorithm === undefined) return [];
  const { name, keyBits, icvBits, fingerprint } = algorithm;
  return [{ role, name, keyBits: keyBits ?? null, icvBits: icvBits ?? null, fingerprint: fingerprint ?? null }];
}
