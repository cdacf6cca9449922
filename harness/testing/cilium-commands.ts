import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactXfrmKeys } from '../decode/kernel/redact.ts';
import type { CommandRecord, Snapshot } from '../model/recording.ts';
import { keyFingerprint } from '../record/key-fingerprint.ts';
import { UNKNOWN_TIME } from './cilium-traffic.ts';
import { redactKeyLine } from './redact-key-line.ts';

/** Collects command outputs under the names that the recorder gives them. */
export class CommandShelf {
  readonly commands: CommandRecord[] = [];
  readonly files = new Map<string, string>();

  add(snapshot: Snapshot, node: string | null, collector: string, argv: readonly string[], text: string): void {
    const shell = node === null ? 'api' : collector.startsWith('cilium') || collector.startsWith('encrypt') ? 'agent' : 'host';
    const path = `commands/${snapshot}/${node ?? 'api'}/${collector}-${this.commands.length}.txt`;
    // The recordings append what a command said of its failure; table 200 was read for both families, one after the other.
    const [printed = '', error] = text.split(/^(?=Error: )/m);
    const exit = /(?:^|\n)exit (\d+)\s*$/.exec(text);
    const failed = exit !== null && printed.trim() === '';
    this.files.set(path, exit === null ? text : printed);
    this.files.set(`${path}.err`, error ?? '');
    this.commands.push({
      snapshot,
      node,
      shell,
      collector,
      argv,
      exitCode: failed ? Number(exit[1]) : 0,
      stdout: path,
      stderr: `${path}.err`,
      startedAt: UNKNOWN_TIME,
      endedAt: UNKNOWN_TIME,
    });
  }
}

/** Files of `node1/` whose text is a collector's as it stands. */
const PLAIN: Readonly<Record<string, string>> = {
  'xfrm-policy.txt': 'xfrm-policy',
  'xfrm-stat.txt': 'xfrm-stat',
  'ip-rule.txt': 'ip-rule',
  'route-200.txt': 'ip-route-200',
  'link.txt': 'ip-link',
  'addr.txt': 'ip-addr',
  'crypto.txt': 'crypto',
  'version.txt': 'cilium-version',
  'status.txt': 'cilium-status',
  'encrypt-status.txt': 'encrypt-status',
  'config.txt': 'cilium-config',
  'ipcache.txt': 'ipcache',
};

/** Everything that was read on node1 and from the API. Keys are redacted in memory, before anything else sees them. */
export function shelveCommands(folder: string, shelf: CommandShelf): void {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const fingerprint = keyFingerprint();
  const host = (collector: string, text: string, argv: readonly string[] = [collector]): void =>
    shelf.add('after', 'node1', collector, argv, text);
  host('xfrm-state', redactXfrmKeys(read('node1/xfrm-state-s.txt'), fingerprint));
  for (const [file, collector] of Object.entries(PLAIN))
    if (existsSync(join(folder, 'node1', file))) host(collector, read(`node1/${file}`));
  const proc = read('node1/proc.txt').split('\n');
  host('uname', proc.find((line) => line.startsWith('Linux ')) ?? '');
  for (const { argv, answer } of routeAnswers(read('node1/route-get.txt'))) host('ip-route-get', answer, argv);
  if (folder.includes('wireguard')) for (const [what, text] of wireguardReads(read('node1/wg-dump.txt'))) host(`wg-${what}`, text);
  shelf.add('after', null, 'cilium-nodes', ['kubectl', 'get', 'ciliumnodes', '-o', 'yaml'], read('ciliumnodes.yaml'));
  shelf.add('after', null, 'cilium-config-map', ['kubectl', 'get', 'configmap'], read('cilium-config.yaml'));
  if (!folder.includes('wireguard'))
    shelf.add('after', null, 'key-secret', ['kubectl', 'get', 'secret'], redactKeyLine(read('key-file.txt'), fingerprint));
}

function routeAnswers(text: string): { argv: string[]; answer: string }[] {
  return text
    .split(/^# /m)
    .map((part) => part.split('\n'))
    .flatMap(([command, ...rest]) =>
      command?.startsWith('ip ') ? [{ argv: command.trim().split(' '), answer: rest.join('\n').trim() }] : [],
    );
}

/** `wg show … dump` as the subcommands that print no private key would have said it. */
export function wireguardReads(dump: string): [string, string][] {
  const [own, ...peers] = dump
    .trim()
    .split('\n')
    .map((line) => line.split('\t').slice(1));
  const column = (pick: (peer: string[]) => string): string => peers.map((peer) => `${pick(peer)}\n`).join('');
  return [
    ['public-key', `${own?.[1] ?? ''}\n`],
    ['listen-port', `${own?.[2] ?? ''}\n`],
    ['fwmark', `${own?.[3] ?? ''}\n`],
    ['peers', column((p) => p[0] ?? '')],
    ['endpoints', column((p) => `${p[0]}\t${p[2]}`)],
    ['allowed-ips', column((p) => `${p[0]}\t${(p[3] ?? '').replaceAll(',', ' ')}`)],
    ['latest-handshakes', column((p) => `${p[0]}\t${p[4]}`)],
    ['transfer', column((p) => `${p[0]}\t${p[5]}\t${p[6]}`)],
  ];
}
