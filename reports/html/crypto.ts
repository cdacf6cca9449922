import type { CryptoAlgorithmUse, CryptoAsset, CryptoInventory } from '../../harness/model/crypto.ts';
import { establishmentWords } from '../cbom/key-establishment.ts';
import { html, type Markup } from './markup.ts';

/** The cryptography that the kernels, the key Secret, the proxies and the captures showed, without a key. */
export function cryptoSection(inventory: CryptoInventory | undefined): Markup | null {
  if (inventory === undefined) return null;
  const { assets, gaps } = inventory;
  return html`<section id="crypto" aria-labelledby="crypto-h"><h2 id="crypto-h">Cryptography observed</h2>
<p class="lead">Read from the nodes’ kernels, the key Secret, the proxies of a mesh and the captures, not from a configuration. Fingerprints of secret keys are keyed with a secret of the run: equal ones mean equal keys within this recording and nothing beyond it. Those of certificates are the first digits of the SHA-256 of the public key.</p>
${gaps.length > 0 && html`<p class="warn">Not complete: ${gaps.join('; ')}</p>`}
${
  assets.length === 0
    ? html`<p>No key and no SA was seen.</p>`
    : html`<div class="scroll"><table class="list"><caption class="sr">Keys and security associations</caption><thead><tr><th scope="col">What</th><th scope="col">Algorithms</th><th scope="col">Key establishment</th><th scope="col">Fingerprint</th><th scope="col">Nodes</th><th scope="col">Seen (UTC)</th></tr></thead><tbody>${assets.map(row)}</tbody></table></div>`
}</section>`;
}

function row(asset: CryptoAsset): Markup {
  const { name, algorithms, prints } = tell(asset);
  return html`<tr><th scope="row">${name}</th><td>${algorithms}</td><td><small>${establishmentWords(asset)}</small></td><td>${prints.length === 0 ? '—' : prints.map((print) => html`<code>${print}</code> `)}</td><td>${asset.nodes.join(', ') || '—'}</td><td><small>${time(asset.firstSeen)} to ${time(asset.lastSeen)}${asset.goneBy !== null && html`<br>gone by ${time(asset.goneBy)}`}</small></td></tr>`;
}

function tell(asset: CryptoAsset): { name: string; algorithms: string; prints: readonly string[] } {
  switch (asset.kind) {
    case 'tls-certificate':
      return {
        name: `Certificate of ${asset.identity || 'no identity'}, serial ${asset.serial}, until ${asset.notAfter.slice(0, 19)}Z`,
        algorithms: asset.keyAlgorithm,
        prints: [asset.keyFingerprint.slice(0, 16)],
      };
    case 'tls-sessions':
      return { name: `${asset.version}, ${asset.connections} connections`, algorithms: asset.suite, prints: [] };
    case 'ipsec-association':
      return {
        name: `SA ${asset.src} → ${asset.dst}, SPI ${asset.spi}${asset.esn ? ', ESN' : ''}`,
        algorithms: asset.algorithms.map(algorithm).join(' with '),
        prints: asset.algorithms.flatMap((use) => use.fingerprint ?? []),
      };
    case 'ipsec-key':
      return {
        name: `Secret of the IPsec key, id ${asset.keyId ?? 'of unknown id'}${asset.perTunnelKeys ? ', a key a tunnel' : ', one key for all tunnels'}`,
        algorithms: asset.algorithms.map(algorithm).join(' with '),
        prints: asset.algorithms.flatMap((use) => use.fingerprint ?? []),
      };
    case 'wireguard-key':
      return {
        name: `WireGuard key of ${asset.interface}, ${asset.peers.length} peers${asset.presharedKeys > 0 ? `, ${asset.presharedKeys} preshared keys` : ''}`,
        algorithms: 'X25519, ChaCha20-Poly1305, BLAKE2s',
        prints: [asset.publicKey],
      };
  }
}

function algorithm(use: CryptoAlgorithmUse): string {
  const bits = [use.keyBits === null ? 'key length not printed' : `${use.keyBits} bits`, use.icvBits === null ? '' : `ICV ${use.icvBits}`];
  return `${use.name} (${bits.filter((part) => part !== '').join(', ')})`;
}

function time(utc: string): string {
  return utc.slice(11, 19);
}
