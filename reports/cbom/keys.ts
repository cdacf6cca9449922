import type {
  CryptoAlgorithmUse,
  CryptoAsset,
  CryptoSighting,
  IpsecAssociationAsset,
  IpsecKeyAsset,
  TlsCertificateAsset,
  WireguardKeyAsset,
} from '../../harness/model/crypto.ts';
import { algorithmComponent, signatureAlgorithm } from './algorithms.ts';
import type { CbomProperty, CryptoComponent } from './cyclonedx.ts';
import { keyEstablishment } from './key-establishment.ts';

/** The keys of an asset, one component each: an SA with a cipher and a hash has two. */
export function keyComponents(asset: CryptoAsset): readonly CryptoComponent[] {
  if (asset.kind === 'wireguard-key') return [wireguardKey(asset)];
  if (asset.kind === 'tls-certificate') return certificate(asset);
  // Session keys live as long as a connection.
  if (asset.kind === 'tls-sessions') return [];
  return asset.algorithms.map((algorithm) => secretKey(asset, algorithm));
}

function secretKey(asset: IpsecAssociationAsset | IpsecKeyAsset, algorithm: CryptoAlgorithmUse): CryptoComponent {
  const role = algorithm.role === 'aead' ? '' : `, ${algorithm.role}`;
  const name = `${asset.kind === 'ipsec-key' ? `key ${asset.keyId ?? '?'} of the IPsec Secret` : `${asset.proto} key ${asset.src} > ${asset.dst} SPI ${asset.spi}`}${role}`;
  return {
    type: 'cryptographic-asset',
    'bom-ref': `key/${name}`,
    name,
    cryptoProperties: {
      assetType: 'related-crypto-material',
      relatedCryptoMaterialProperties: {
        type: 'secret-key',
        id: asset.kind === 'ipsec-key' ? String(asset.keyId ?? 'unknown') : asset.spi,
        state: stateOf(asset),
        algorithmRef: algorithmComponent(algorithm)['bom-ref'],
        activationDate: asset.firstSeen,
        ...(algorithm.keyBits === null ? {} : { size: algorithm.keyBits }),
      },
    },
    ...seenAt(asset, [
      ...establishment(asset),
      ...(asset.kind === 'ipsec-key'
        ? [property('perTunnelKeys', String(asset.perTunnelKeys))]
        : [property('mode', asset.mode ?? 'unknown'), property('esn', String(asset.esn))]),
      property('icvBits', String(algorithm.icvBits ?? 'unknown')),
      property('fingerprint', algorithm.fingerprint ?? 'unknown'),
    ]),
  };
}

function wireguardKey(asset: WireguardKeyAsset): CryptoComponent {
  const name = `key of ${asset.interface} on ${asset.nodes.join(', ')}`;
  return {
    type: 'cryptographic-asset',
    'bom-ref': `key/${name}`,
    name,
    cryptoProperties: {
      assetType: 'related-crypto-material',
      relatedCryptoMaterialProperties: {
        type: 'public-key',
        id: asset.publicKey,
        state: stateOf(asset),
        algorithmRef: 'algorithm/X25519',
        activationDate: asset.firstSeen,
        value: asset.publicKey,
        size: 256,
        format: 'Base64',
      },
    },
    ...seenAt(asset, [
      ...establishment(asset),
      property('presharedKeys', String(asset.presharedKeys)),
      property('presharedUnknown', String(asset.presharedUnknown)),
      ...asset.peers.map((peer) => property('peer', peer)),
    ]),
  };
}

/** A certificate, and the public key that it is for. */
function certificate(asset: TlsCertificateAsset): CryptoComponent[] {
  const owner = `${asset.identity || 'no identity'}, serial ${asset.serial}`;
  const key = `key/key of the certificate of ${owner}`;
  return [
    {
      type: 'cryptographic-asset',
      'bom-ref': `certificate/certificate of ${owner}`,
      name: `certificate of ${owner}`,
      cryptoProperties: {
        assetType: 'certificate',
        certificateProperties: {
          subjectName: asset.identity,
          notValidBefore: asset.notBefore,
          notValidAfter: asset.notAfter,
          subjectPublicKeyRef: key,
          certificateFormat: 'X.509',
        },
      },
      ...seenAt(asset, []),
    },
    {
      type: 'cryptographic-asset',
      'bom-ref': key,
      name: `key of the certificate of ${owner}`,
      cryptoProperties: {
        assetType: 'related-crypto-material',
        relatedCryptoMaterialProperties: {
          type: 'public-key',
          id: asset.keyFingerprint,
          state: stateOf(asset),
          algorithmRef: signatureAlgorithm(asset.keyAlgorithm)['bom-ref'],
          activationDate: asset.firstSeen,
        },
      },
      ...seenAt(asset, []),
    },
  ];
}

/** A key that is no longer in the kernel is out of use; it cannot be seen whether every copy is destroyed. */
function stateOf({ goneBy }: CryptoSighting): 'active' | 'deactivated' {
  return goneBy === null ? 'active' : 'deactivated';
}

function seenAt(asset: CryptoSighting, properties: readonly CbomProperty[]): Pick<CryptoComponent, 'evidence' | 'properties'> {
  return {
    evidence: { occurrences: asset.evidence.map((path) => ({ location: `recording/${path}` })) },
    properties: [
      property('firstSeen', asset.firstSeen),
      property('lastSeen', asset.lastSeen),
      ...(asset.goneBy === null ? [] : [property('goneBy', asset.goneBy)]),
      ...asset.nodes.map((node) => property('node', node)),
      ...properties,
    ],
  };
}

function establishment(asset: CryptoAsset): readonly CbomProperty[] {
  const how = keyEstablishment(asset);
  return how === null ? [] : [property('keyEstablishment', how)];
}

function property(name: string, value: string): CbomProperty {
  return { name: `wirewitness:${name}`, value };
}
