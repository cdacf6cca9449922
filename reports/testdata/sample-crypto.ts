import type { CryptoInventory, IpsecAssociationAsset } from '../../harness/model/crypto.ts';

const SEEN = { firstSeen: '2026-01-02T03:04:17.410Z', lastSeen: '2026-01-02T03:04:31.400Z', goneBy: null };

/** The inventory of the sample run: one SA a directed tunnel between three nodes, each with a key of its own. */
export function sampleCrypto(): CryptoInventory {
  const algorithm = (fingerprint: string) => [
    { role: 'aead' as const, name: 'rfc4106(gcm(aes))', keyBits: 160, icvBits: 128, fingerprint },
  ];
  const pairs = [1, 2, 3].flatMap((a) => [1, 2, 3].filter((b) => b !== a).map((b) => [a, b] as const));
  return {
    mode: 'ipsec',
    assets: [
      {
        kind: 'ipsec-key',
        keyId: 3,
        perTunnelKeys: true,
        algorithms: algorithm('5ec2e7000000000000000000'),
        ...SEEN,
        nodes: [],
        evidence: ['commands/before/api/02-key-secret.txt'],
      },
      ...pairs.map(
        ([a, b]): IpsecAssociationAsset => ({
          kind: 'ipsec-association',
          proto: 'esp',
          src: `10.0.${a}.1`,
          dst: `10.0.${b}.1`,
          spi: '0x00000003',
          mode: 'tunnel',
          esn: true,
          algorithms: algorithm(`${a}${b}00000000000000000000aa`),
          ...SEEN,
          nodes: [`node${a}`, `node${b}`].sort(),
          evidence: [`commands/before/node${a}/00-xfrm-state.txt`],
        }),
      ),
    ],
    gaps: [],
  };
}
