import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addLine, dropLines } from '../blocks.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const STATUS = { node: 'node2', collector: 'cilium-status' } as const;
const AUDIT = { node: 'node2', collector: 'encrypt-status' } as const;

/** Lines of an agent's log in the forms that releases write. */
const LOG_LINES: Readonly<Record<string, string>> = {
  logrus: 'level=warning msg="Failed to update IPsec state" error="no such process" subsys=ipsec',
  'logrus, error': 'level=error msg="Unable to replace direct route: encryption disabled for node" subsys=linux-datapath',
  'logrus, long level': 'time="2026-11-28T19:00:00Z" level=fatal msg="Unable to set up WireGuard agent" subsys=daemon',
  JSON: '{"level":"warning","msg":"Failed to update xfrm policy","subsys":"ipsec","time":"2026-11-28T19:00:00Z"}',
  'JSON, spaced': '{"time": "2026-11-28T19:00:00Z", "level": "ERROR", "msg": "Failed to update WireGuard peer", "subsys": "wireguard"}',
  slog: 'time=2026-11-28T19:00:00.000Z level=WARN source=/go/src/github.com/cilium/cilium/pkg/ipsec/ipsec.go:12 msg="Failed to load key" module=agent.ipsec',
  'slog, error': 'time=2026-11-28T19:00:00.000Z level=ERROR msg="failed to update WireGuard peer" module=agent.wireguard',
  klog: 'W1128 19:00:00.000000       1 ipsec.go:12] failed to replace xfrm state: no such process',
  'klog, error': 'E1128 19:00:00.000000       1 wireguard.go:40] failed to configure WireGuard device cilium_wg0',
  'klog, fatal': 'F1128 19:00:00.000000       1 daemon.go:40] unable to initialise encryption',
  panic: 'panic: runtime error: invalid memory address: pkg/datapath/linux/ipsec.(*Agent).startKeyfileWatcher',
};

export const agents: AttackTopic = {
  topic: 'agents',
  root: 'the first answer of an agent counts, and of an answer the line that was looked for',
  manipulations: [
    {
      id: 'status-mode',
      what: 'the agent of node2 says another mode of encryption',
      on: BOTH,
      variants: ['Disabled', 'Ztunnel', 'none'],
      turns: ['PRE-01'],
      edit: (draft, mode) => draft.replace(STATUS, /^Encryption:.*$/m, `Encryption:              ${mode}`),
    },
    {
      id: 'status-mode-after',
      what: 'the agent of node2 says that encryption is off once the traffic has ended',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => draft.replace({ ...STATUS, snapshot: 'after' }, /^Encryption:.*$/m, 'Encryption:              Disabled'),
    },
    {
      id: 'second-status',
      what: 'the agent answers twice, and the second answer says that encryption is off',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => draft.output(STATUS, (text) => `${text}${text.replace(/^Encryption:.*$/m, 'Encryption:              Disabled')}`),
    },
    {
      id: 'second-line',
      what: 'the status has two lines about encryption, and the second says that it is off',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => draft.output(STATUS, addLine('Encryption:              Disabled')),
    },
    {
      id: 'second-reading',
      what: 'the status was read twice in one snapshot, and the second time encryption is off',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => {
        for (const command of draft.commands({ ...STATUS, snapshot: 'before' })) {
          const again = { ...command, stdout: `${command.stdout}.again.txt`, stderr: `${command.stdout}.again.err` };
          draft.write(again.stdout, draft.text(command.stdout).replace(/^Encryption:.*$/m, 'Encryption:              Disabled'));
          draft.write(again.stderr, '');
          draft.manifest.commands.push(again);
        }
      },
    },
    {
      id: 'no-encryption-line',
      what: 'the status has no line about encryption',
      on: BOTH,
      turns: ['PRE-01'],
      edit: (draft) => draft.output(STATUS, dropLines(/^Encryption:/)),
    },
    {
      id: 'health',
      what: 'the agent of node2 is not well',
      on: ['wireguard'],
      variants: [
        'Cilium:                  Failure   (v-)',
        'Cilium:                  Warning   1 Node(s) are degraded',
        'Cilium:                  Degraded',
        'KVStore:                 Failure   no connection',
        'Kubernetes:              Warning   connection refused',
      ],
      turns: ['PRE-04'],
      edit: (draft, line) => {
        const [name = ''] = line.split(':');
        draft.replace(STATUS, new RegExp(`^${name}:.*$`, 'm'), line);
      },
    },
    {
      id: 'node-encryption',
      what: 'the agent says that nodes are encrypted too, which is not claimed, and so says another layout',
      on: ['wireguard', 'wireguard-native'],
      turns: ['PRE-01', 'CFG-05'],
      edit: (draft) => draft.replace(STATUS, 'NodeEncryption: Disabled', 'NodeEncryption: Enabled'),
    },
    {
      id: 'status-peers',
      what: 'the agent counts another number of WireGuard peers than there are other nodes',
      on: ['wireguard', 'wireguard-native'],
      variants: ['Peers: 0', 'Peers: 5'],
      turns: ['WGD-02'],
      edit: (draft, peers) => draft.replace(STATUS, /Peers: \d+/, peers),
    },
    {
      id: 'status-port',
      what: 'the agent says another WireGuard port',
      on: ['wireguard'],
      turns: ['WGD-01'],
      edit: (draft) => draft.replace(STATUS, /Port: \d+/, 'Port: 51820'),
    },
    {
      id: 'audit-mode',
      what: 'the encrypt status of node2 says another mode than the claim',
      on: BOTH,
      variants: ['Disabled', 'IPsec or Wireguard, the other one', 'nothing'],
      turns: { ipsec: ['CFG-07'], wireguard: ['PRE-01'] },
      edit: (draft, mode) =>
        draft.output(AUDIT, (text) => {
          if (mode === 'nothing') return text.replace(/^Encryption:.*\n/m, '');
          const other = text.includes('IPsec') ? 'Wireguard' : 'IPsec';
          return text.replace(/^Encryption:.*$/m, `Encryption: ${mode === 'Disabled' ? mode : other}`);
        }),
    },
    {
      id: 'audit-only',
      what: 'the encrypt status of node2 says Disabled and nothing more',
      on: BOTH,
      turns: { ipsec: ['CFG-07'], wireguard: ['PRE-01'] },
      edit: (draft) => draft.output(AUDIT, () => 'Encryption: Disabled\n'),
    },
    {
      id: 'audit-second',
      what: 'the encrypt status holds a second answer that says Disabled',
      on: BOTH,
      turns: { ipsec: ['CFG-07'], wireguard: ['PRE-01'] },
      edit: (draft) => draft.output(AUDIT, (text) => `${text}Encryption: Disabled\n`),
    },
    {
      id: 'audit-peers',
      what: 'the encrypt status counts another number of peers',
      on: ['wireguard', 'wireguard-native'],
      variants: ['0', '2'],
      turns: ['WGD-02'],
      edit: (draft, count) => draft.replace(AUDIT, /Number of peers: \d+/, `Number of peers: ${count}`),
    },
    {
      id: 'audit-key',
      what: 'the encrypt status names another public key than the device has',
      on: ['wireguard', 'wireguard-native'],
      turns: ['WGD-03'],
      edit: (draft) => draft.replace(AUDIT, /Public key: \S+/, 'Public key: c3RyYW5nZXIgc3RyYW5nZXIgc3RyYW5nZXIgc3RyYWE='),
    },
    {
      id: 'audit-errors',
      what: 'the agent counts errors where the kernel counts none',
      on: IPSEC,
      variants: ['1', '77', '256', '300'],
      turns: ['CFG-07'],
      edit: (draft, errors) => draft.replace(AUDIT, /Errors: \d+/, `Errors: ${errors}`),
    },
    {
      id: 'audit-keys',
      what: 'the agent counts other keys than the kernel has',
      on: IPSEC,
      variants: ['0', '1', '3', '9'],
      turns: ['CFG-07'],
      edit: (draft, keys) => draft.replace(AUDIT, /Keys in use: \d+/, `Keys in use: ${keys}`),
    },
    {
      id: 'audit-sequence',
      what: 'the agent says another highest sequence number than the kernel has',
      on: IPSEC,
      variants: ['0xfff0/0xffffffff', 'N/A', 'many'],
      turns: ['CFG-07'],
      edit: (draft, sequence) =>
        draft.replace(
          { ...AUDIT, snapshot: 'after' },
          /Max Seq\. Number: \S+/,
          `Max Seq. Number: ${sequence === 'N/A' ? '0x100000/0xffffffff' : sequence}`,
        ),
    },
    {
      id: 'audit-interface',
      what: 'the agent decrypts on a device that is not where the traffic of nodes comes in',
      on: IPSEC,
      variants: ['eth1', 'lo'],
      turns: ['CFG-07'],
      edit: (draft, device) => draft.replace(AUDIT, /^Decryption interface\(s\):.*$/m, `Decryption interface(s): ${device}`),
    },
    {
      id: 'log',
      what: 'the log of an agent warns about encryption, in a form that some release writes',
      on: ['wireguard'],
      variants: Object.keys(LOG_LINES),
      turns: ['PRE-04'],
      edit: (draft, form) => draft.add({ node: 'node2', collector: 'agent-log', snapshot: 'after' }, `${LOG_LINES[form] ?? ''}\n`),
    },
    {
      id: 'silence',
      what: 'an agent gave no answer at all, with exit code 0',
      on: ['wireguard'],
      variants: ['cilium-status', 'cilium-version', 'cilium-config'],
      turns: { ipsec: [], wireguard: [] },
      edit: (draft, collector) => draft.output({ node: 'node2', collector }, () => ''),
    },
    {
      id: 'no-answer',
      what: 'an agent could not be asked',
      on: ['wireguard'],
      variants: ['cilium-status', 'cilium-version', 'cilium-config', 'encrypt-status', 'ipcache'],
      turns: { ipsec: [], wireguard: [] },
      edit: (draft, collector) => draft.fail({ node: 'node2', collector }, 'error: unable to upgrade connection: container not found'),
    },
    {
      id: 'clock',
      what: 'the clock of node2 is far from that of the recorder',
      on: ['wireguard'],
      variants: ['-3600', '60', '86400'],
      turns: ['PRE-05'],
      edit: (draft, seconds) =>
        draft.output({ node: 'node2', collector: 'clock' }, (text) => text.replace(/\d+/, (now) => String(Number(now) + Number(seconds)))),
    },
  ],
};
