import type { CryptoAlgorithmUse, IpsecKeyAsset } from '../../model/crypto.ts';
import type { Recording } from '../../model/recording.ts';
import type { KeySecret, SecretAlgorithm } from '../../stacks/agent-items.ts';
import { profileOf, stackOf } from '../../stacks/stack-of.ts';
import { commandsOf, placeOf, textOf } from './command-text.ts';
import { type CryptoReading, sightings } from './sightings.ts';

/** Every key that was in the Secret, in the order in which they were first seen. Only IPsec has such a Secret. */
export async function ipsecKeys(recording: Recording, gaps: string[]): Promise<readonly IpsecKeyAsset[]> {
  const { intent } = recording.manifest;
  const reading = stackOf(intent).readings?.keySecret;
  if (intent.mode !== 'ipsec' || reading === undefined) return [];
  const readings: CryptoReading<KeySecret>[] = [];
  for (const command of commandsOf(recording, reading.collector, gaps)) {
    const text = await textOf(recording, command, gaps);
    if (text === null) continue;
    const { items, unparsed } = reading.decode(text);
    if (unparsed.length > 0 || items.length === 0) gaps.push(`${placeOf(command)}: ${unparsed.length} line(s) not understood`);
    readings.push({ command, shown: new Map(items.map((secret) => [identity(secret), secret])) });
  }
  return sightings(readings).map(({ value, seen }) => ({
    kind: 'ipsec-key',
    keyId: value.id,
    perTunnelKeys: value.perTunnelKeys || profileOf(intent)?.ipsec?.perTunnelKeys.value === 'always',
    algorithms: algorithmsOf(value),
    ...seen,
  }));
}

function identity(secret: KeySecret): string {
  return [secret.id, ...algorithmsOf(secret).map(({ name, fingerprint }) => `${name} ${fingerprint}`)].join('|');
}

function algorithmsOf({ aead, enc, auth }: KeySecret): readonly CryptoAlgorithmUse[] {
  return [...use('aead', aead), ...use('encryption', enc), ...use('authentication', auth)];
}

/** A key that could not be read has 0 bits in the decoder: here its length is unknown. */
function use(role: CryptoAlgorithmUse['role'], algorithm: SecretAlgorithm | undefined): CryptoAlgorithmUse[] {
  if (algorithm === undefined) return [];
  const { name, bits, icvBits, fingerprint } = algorithm;
  return [{ role, name, keyBits: bits || null, icvBits: icvBits ?? null, fingerprint: fingerprint || null }];
}
