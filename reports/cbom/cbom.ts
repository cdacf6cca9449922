import type { CryptoAsset, CryptoInventory } from '../../harness/model/crypto.ts';
import { KEY_SOURCE_NAMES, type KeySource, keySourceOf } from '../../harness/model/key-source.ts';
import type { Report } from '../../harness/model/report.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { algorithmComponent, signatureAlgorithm, tlsAlgorithms, WIREGUARD_ALGORITHMS } from './algorithms.ts';
import type { Cbom, CryptoComponent } from './cyclonedx.ts';
import { keyComponents } from './keys.ts';

/** Must be disclosed: RFC 4106 requires automated key management, because with a static key a nonce can be used twice. */
const KEYS_WITHOUT_IKE = 'keys from a Secret, derived by the agents, without IKE; RFC 4106 demands automated key management';

const STATIC_KEY_PAIRS = 'handshakes of the protocol itself, from static key pairs made by the agents';

/** The cluster as the component that uses the cryptography. */
const CLUSTER = 'cluster';

/**
 * The cryptography bill of materials of a report: what the kernels and the key Secret showed, in CycloneDX 1.6. It is always marked
 * incomplete: it covers the encryption between nodes and no other cryptography of the cluster. Its only time is the recording's.
 */
export function cbomOf(report: Report): Cbom {
  const inventory: CryptoInventory = report.crypto ?? { mode: report.intent.mode, assets: [], gaps: ['the report holds no inventory'] };
  const keys = numbered(inventory.assets.flatMap(keyComponents));
  const algorithms = algorithmsOf(inventory.assets);
  const source = keySourceOf(report.intent);
  const protocols = [
    ...ipsecProtocol(inventory.assets, keys),
    ...wireguardProtocol(inventory.assets, keys),
    ...tlsProtocols(inventory.assets, keys, source),
  ];
  const refs = (components: readonly CryptoComponent[]): string[] => components.map((component) => component['bom-ref']);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${deterministicUuid(report.run.id, 'cbom')}`,
    version: 1,
    metadata: {
      timestamp: report.run.endedAt.utc,
      tools: { components: [{ type: 'application', name: report.tool.name, version: report.tool.version }] },
      component: {
        type: 'platform',
        'bom-ref': CLUSTER,
        name: report.environment.cluster.name,
        description: `Encryption between the ${inventory.mode === 'tls' ? 'pods, observed in captures and proxies' : 'nodes, observed in the kernels'}; environment class ${report.environment.class}`,
      },
      properties: [
        { name: 'wirewitness:run', value: report.run.id },
        { name: 'wirewitness:environmentClass', value: report.environment.class },
        { name: 'wirewitness:mode', value: inventory.mode },
        ...(source === null ? [] : [{ name: 'wirewitness:keySource', value: source }]),
        ...inventory.gaps.map((gap) => ({ name: 'wirewitness:gap', value: gap })),
      ],
    },
    components: [...protocols, ...algorithms, ...keys],
    dependencies: [
      { ref: CLUSTER, dependsOn: refs(protocols) },
      ...protocols.map((protocol) => ({ ref: protocol['bom-ref'], dependsOn: usedBy(protocol) })),
    ],
    compositions: [{ aggregate: 'incomplete', assemblies: [CLUSTER] }],
  };
}

/** cbom.json. The same report gives the same bytes. */
export function writeCbom(report: Report): string {
  return `${JSON.stringify(cbomOf(report), null, 2)}\n`;
}

/** Components with one name, such as an SPI that got a second key, get a number in their order. */
function numbered(components: readonly CryptoComponent[]): readonly CryptoComponent[] {
  const seen = new Map<string, number>();
  return components.map((component) => {
    const count = (seen.get(component.name) ?? 0) + 1;
    seen.set(component.name, count);
    return count === 1 ? component : { ...component, name: `${component.name} #${count}`, 'bom-ref': `${component['bom-ref']} #${count}` };
  });
}

function algorithmsOf(assets: readonly CryptoAsset[]): readonly CryptoComponent[] {
  const used = assets.flatMap((asset) => {
    switch (asset.kind) {
      case 'wireguard-key':
        return WIREGUARD_ALGORITHMS;
      case 'tls-certificate':
        return [signatureAlgorithm(asset.keyAlgorithm)];
      case 'tls-sessions':
        return tlsAlgorithms(asset);
      default:
        return asset.algorithms.map(algorithmComponent);
    }
  });
  return [...new Map(used.map((component) => [component['bom-ref'], component])).values()];
}

function ipsecProtocol(assets: readonly CryptoAsset[], keys: readonly CryptoComponent[]): CryptoComponent[] {
  const suites = new Map<string, string[]>();
  for (const asset of assets) {
    if (asset.kind !== 'ipsec-association') continue;
    const algorithms = asset.algorithms.map(algorithmComponent);
    const icv = asset.algorithms.map(({ icvBits }) => icvBits).find((bits) => bits !== null);
    const name = algorithms.map((algorithm) => algorithm.name).join(' with ') || 'no algorithm';
    suites.set(
      icv === undefined ? name : `${name}, ICV ${icv}`,
      algorithms.map((algorithm) => algorithm['bom-ref']),
    );
  }
  return suites.size === 0 ? [] : [protocol('IPsec ESP', 'ipsec', 'RFC 4303', suites, keys, KEYS_WITHOUT_IKE)];
}

function wireguardProtocol(assets: readonly CryptoAsset[], keys: readonly CryptoComponent[]): CryptoComponent[] {
  if (!assets.some(({ kind }) => kind === 'wireguard-key')) return [];
  const suite = WIREGUARD_ALGORITHMS.map((algorithm) => algorithm['bom-ref']);
  return [protocol('WireGuard', 'other', '1', new Map([['Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s', suite]]), keys, STATIC_KEY_PAIRS)];
}

/** One protocol for each version; its suites with the group of the key exchange. */
function tlsProtocols(assets: readonly CryptoAsset[], keys: readonly CryptoComponent[], source: KeySource | null): CryptoComponent[] {
  const sessions = assets.filter((asset) => asset.kind === 'tls-sessions');
  const management = `handshakes of the protocol itself; certificates from ${source === null ? 'an unknown source' : KEY_SOURCE_NAMES[source]}`;
  return [...Map.groupBy(sessions, ({ version }) => version)].map(([version, own]) => {
    const suites = new Map(
      own.map((each) => [`${each.suite}, ${each.group ?? 'no group'}`, tlsAlgorithms(each).map((algorithm) => algorithm['bom-ref'])]),
    );
    return protocol(version, 'tls', version.replace(/^TLS /, ''), suites, keys, management);
  });
}

function protocol(
  name: string,
  type: 'ipsec' | 'tls' | 'other',
  version: string,
  suites: ReadonlyMap<string, readonly string[]>,
  keys: readonly CryptoComponent[],
  keyManagement: string,
): CryptoComponent {
  const algorithms = new Set([...suites.values()].flat());
  const own = keys.filter(({ cryptoProperties }) => {
    if (cryptoProperties.assetType !== 'related-crypto-material') return false;
    return type === 'tls' || algorithms.has(cryptoProperties.relatedCryptoMaterialProperties.algorithmRef);
  });
  return {
    type: 'cryptographic-asset',
    'bom-ref': `protocol/${name}`,
    name,
    properties: [{ name: 'wirewitness:keyManagement', value: keyManagement }],
    cryptoProperties: {
      assetType: 'protocol',
      protocolProperties: {
        type,
        version,
        cipherSuites: [...suites].map(([suite, refs]) => ({ name: suite, algorithms: refs })),
        cryptoRefArray: own.map((key) => key['bom-ref']),
      },
    },
  };
}

function usedBy({ cryptoProperties }: CryptoComponent): string[] {
  if (cryptoProperties.assetType !== 'protocol') return [];
  const { cipherSuites, cryptoRefArray } = cryptoProperties.protocolProperties;
  return [...new Set([...cipherSuites.flatMap(({ algorithms }) => algorithms), ...cryptoRefArray])];
}
