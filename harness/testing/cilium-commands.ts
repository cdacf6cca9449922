import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { redactXfrmKeys } from '../decode/kernel/redact.ts';
import type { Snapshot } from '../model/recording.ts';
import { keyFingerprint } from '../record/key-fingerprint.ts';
import { UNKNOWN_TIME } from './cilium-traffic.ts';
import type { OutputParts } from './recording.ts';

/** An output as the recorder would have stored it, from a text to which exit code and failure were appended by hand. */
export function agentOutput(
  snapshot: Snapshot,
  node: string | null,
  collector: string,
  text: string,
  argv?: readonly string[],
): OutputParts {
  // Table 200 was read for both families, one after the other: the first can print and the second fail.
  const [printed = '', stderr = ''] = text.split(/^(?=Error: )/m);
  const exit = /(?:^|\n)exit (\d+)\s*$/.exec(text);
  const failed = exit !== null && printed.trim() === '';
  return {
    snapshot,
    node,
    collector,
    ...(argv === undefined ? {} : { argv }),
    exitCode: failed ? Number(exit[1]) : 0,
    stdout: exit === null ? text : printed,
    stderr,
    at: UNKNOWN_TIME,
  };
}

/** Files of `node1/` whose text is the unchanged output of a collector. */
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

/** Everything that was read on node1 and from the API. Keys are redacted in memory first. */
export function agentOutputs(folder: string): OutputParts[] {
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  const fingerprint = keyFingerprint();
  const host = (collector: string, text: string, argv?: readonly string[]): OutputParts =>
    agentOutput('after', 'node1', collector, text, argv);
  const api = (collector: string, text: string): OutputParts => agentOutput('after', null, collector, text);
  const wireguard = folder.includes('wireguard');
  const uname = read('node1/proc.txt')
    .split('\n')
    .find((line) => line.startsWith('Linux '));
  return [
    host('xfrm-state', redactXfrmKeys(read('node1/xfrm-state-s.txt'), fingerprint)),
    ...Object.entries(PLAIN)
      .filter(([file]) => existsSync(join(folder, 'node1', file)))
      .map(([file, collector]) => host(collector, read(`node1/${file}`))),
    host('ip-route', withoutIpv6(read('node1/route-all.txt'))),
    host('uname', uname ?? ''),
    ...routeAnswers(read('node1/route-get.txt')).map(({ argv, answer }) => host('ip-route-get', answer, argv)),
    ...(wireguard ? wireguardReads(read('node1/wg-dump.txt')).map(([what, text]) => host(`wg-${what}`, text)) : []),
    api('cilium-nodes', read('ciliumnodes.yaml')),
    api('cilium-config-map', read('cilium-config.yaml')),
    ...(wireguard ? [] : [api('key-secret', redactKeyLine(read('key-file.txt'), fingerprint))]),
  ];
}

/** The Secret's key line with every key as `<key:BITS:FINGERPRINT>`: any word of 32 hex digits or more is one. */
function redactKeyLine(line: string, fingerprint: (key: Uint8Array) => string): string {
  return line.replace(/\b(?:[0-9a-f]{2}){16,}\b/gi, (hex) => {
    const key = Buffer.from(hex, 'hex');
    return `<key:${key.length * 8}:${fingerprint(key)}>`;
  });
}

/** The routes of all tables were read for both families; the recorder reads them for each. */
function withoutIpv6(routes: string): string {
  return routes
    .split('\n')
    .filter((line) => !/^\S* ?[0-9a-f]*:|^(anycast|multicast) /.test(line))
    .join('\n');
}

function routeAnswers(text: string): { argv: string[]; answer: string }[] {
  return text
    .split(/^# /m)
    .map((part) => part.split('\n'))
    .flatMap(([command, ...rest]) =>
      command?.startsWith('ip ') ? [{ argv: command.trim().split(' '), answer: rest.join('\n').trim() }] : [],
    );
}

/** `wg show … dump` as the subcommands that print no private key print it. */
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
