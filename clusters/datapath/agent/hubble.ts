import type { ClusterDescription } from '../../../harness/model/cluster.ts';
import type { Shell } from '../../../harness/model/shell.ts';
import { applyScript } from '../apply.ts';
import { NFT_TABLE } from '../plan/masquerade.ts';
import { markedSet } from '../plan/monitor.ts';
import type { LayoutProfile } from '../profile.ts';
import type { Answer } from '../simulated-shell.ts';
import { perFamily, type View } from '../topology.ts';

const L4: Readonly<Record<string, string>> = { 6: 'TCP', 17: 'UDP', 132: 'SCTP' };

/** A packet that left with the mark. */
interface Marked {
  readonly source: string;
  readonly destination: string;
  readonly protocol: string;
  readonly sport: number;
  readonly dport: number;
}

/**
 * `hubble observe --encrypted` of a node: what left it with the mark of encrypted packets, as the datapath noted it. Before 1.19 there is no such
 * option.
 */
export async function hubbleAnswer(
  words: readonly string[],
  { profile, view, host, pods }: { profile: LayoutProfile; view: View; host: Shell; pods: ClusterDescription['pods'] },
): Promise<Answer> {
  if (words[0] !== 'observe') return { stderr: `unknown command "${words.join(' ')}" for "hubble"\n`, exitCode: 1 };
  if (!profile.hubbleSelectsEncrypted) return { stderr: 'unknown flag: --encrypted\n', exitCode: 1 };
  const values = (flag: string): readonly string[] => words.flatMap((word, index) => (word === flag ? [words[index + 1] ?? ''] : []));
  const namespaces = new Set(values('--namespace'));
  const wanted = new Set([
    ...values('--ip'),
    ...pods.filter(({ namespace }) => namespaces.has(namespace)).flatMap(({ addresses }) => addresses),
  ]);
  const last = Number(values('--last')[0] ?? 20);
  const marked = (await readMarked(host, view)).filter(({ source, destination }) => wanted.has(source) || wanted.has(destination));
  const time = new Date().toISOString();
  const lines = marked.slice(-last).map(({ source, destination, protocol, sport, dport }) =>
    JSON.stringify({
      flow: {
        time,
        verdict: 'FORWARDED',
        IP: { source, destination, ipVersion: source.includes(':') ? 'IPv6' : 'IPv4', encrypted: true },
        l4: { [L4[protocol] ?? 'UDP']: { source_port: sport, destination_port: dport } },
        Type: 'L3_L4',
        node_name: view.self.name,
        event_type: { type: 4, sub_type: 11 },
        trace_observation_point: 'TO_NETWORK',
        interface: { name: view.self.uplink },
      },
      node_name: view.self.name,
      time,
    }),
  );
  return { stdout: lines.map((line) => `${line}\n`).join('') };
}

/** @throws LayoutError when nft cannot be asked; a node without encryption has no such set */
async function readMarked(host: Shell, view: View): Promise<readonly Marked[]> {
  const script = perFamily(view).map(({ self }) => `nft -n list set ${NFT_TABLE} ${markedSet(self)} 2>/dev/null || :\n`);
  const output = await applyScript(host, script.join(''), 'reading the packets with the mark of encrypted ones');
  return [...output.matchAll(/([0-9a-f.:]+) \. ([0-9a-f.:]+) \. (\d+) \. (\d+) \. (\d+)/g)].map(
    ([, source = '', destination = '', protocol = '', sport, dport]) => ({
      source,
      destination,
      protocol,
      sport: Number(sport),
      dport: Number(dport),
    }),
  );
}
