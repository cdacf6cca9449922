import type { CryptoAlgorithmUse, CryptoAsset, CryptoInventory } from '../../harness/model/crypto.ts';
import { ringDigest } from '../../harness/model/node-pairs.ts';
import type { Report } from '../../harness/model/report.ts';
import { reachedNodes } from '../../harness/model/scope.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import type { RunSummary } from './entry.ts';

/** What the history stores of a report. @param pack SHA-256 of the run's pack, or null */
export function summaryOf(report: Report, pack: string | null): RunSummary {
  const { run, tool, intent, environment, verdict, verdicts, crypto, sample } = report;
  const names = reachedNodes(environment.cluster).map(({ name }) => name);
  const checks: Partial<Record<Verdict, number>> = {};
  for (const { verdict: one } of verdicts) checks[one] = (checks[one] ?? 0) + 1;
  const named = (word: Verdict): string[] =>
    verdicts
      .filter((one) => one.verdict === word)
      .map(({ id }) => id)
      .sort();
  return {
    run: run.id,
    recordedAt: run.endedAt.utc,
    complete: run.complete,
    environmentClass: environment.class,
    cluster: environment.cluster.name,
    scenario: run.scenario,
    fault: run.fault,
    intent,
    toolVersion: tool.version,
    versions: environment.cluster.versions,
    verdict,
    checks,
    contradicting: named('contradicts'),
    inconclusive: named('inconclusive'),
    crypto: cryptoLines(crypto),
    ...((crypto?.compared?.length ?? 0) === 0 ? {} : { keys: crypto?.compared ?? [] }),
    pack,
    ...(sample === undefined ? {} : { sample: { ...sample, ring: ringDigest(names) } }),
  };
}

/** Kinds of assets, with the same text in every run of the same cluster: no key id, SPI, address, key or time. */
function cryptoLines(inventory: CryptoInventory | undefined): string[] {
  if (inventory === undefined) return ['no inventory was taken'];
  const lines = inventory.assets.map(describe);
  if (inventory.gaps.length > 0) lines.push('the inventory is not complete');
  return [...new Set(lines)].sort();
}

function describe(asset: CryptoAsset): string {
  switch (asset.kind) {
    case 'ipsec-association':
      return `IPsec SA: ${asset.proto} ${asset.mode ?? 'mode unknown'}${asset.esn ? ' with ESN' : ''}, ${algorithms(asset.algorithms)}`;
    case 'ipsec-key':
      return `IPsec key: ${asset.perTunnelKeys ? 'per tunnel' : 'shared'}, ${algorithms(asset.algorithms)}`;
    case 'tls-certificate':
      return `TLS certificate: ${asset.keyAlgorithm}`;
    case 'tls-sessions':
      return `TLS: ${asset.version} ${asset.suite}, ${asset.group ?? 'no group'}`;
    case 'wireguard-key':
      return `WireGuard key: X25519, ${asset.peers.length} peers, ${asset.presharedKeys > 0 ? 'preshared keys' : asset.presharedUnknown > 0 ? 'preshared keys unknown' : 'no preshared key'}`;
  }
}

function algorithms(uses: readonly CryptoAlgorithmUse[]): string {
  return (
    uses
      .map(({ name, keyBits, icvBits }) => `${name} ${keyBits ?? '?'} bit key${icvBits === null ? '' : ` ${icvBits} bit ICV`}`)
      .join(' + ') || 'no algorithm'
  );
}
