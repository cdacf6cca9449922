import { XFRM_COUNTERS } from '../decode/kernel/xfrm-stat.ts';
import type { Snapshot } from '../model/recording.ts';
import { instantAt, type OutputParts } from './recording.ts';

/** Unix seconds of the start of the recording. */
const START = Date.parse(instantAt(0).utc) / 1000;
const KEYS = ['', 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=', 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='] as const;
const STAT = XFRM_COUNTERS.map((name) => `${name.padEnd(24)}\t0\n`).join('');

function sa(src: string, dst: string, mark: string, output: string, key: string, seq: string): string {
  return [
    `src ${src} dst ${dst}`,
    '\tproto esp spi 0x00000003 reqid 1 mode tunnel',
    '\treplay-window 0 flag esn',
    `\tmark ${mark} output-mark ${output}/0xffffff00`,
    `\taead rfc4106(gcm(aes)) <key:160:${key}> 128`,
    '\tanti-replay esn context:',
    `\t seq-hi 0x0, seq ${seq}, oseq-hi 0x0, oseq ${seq}`,
    '\t replay_window 1024, bitmap-length 32',
    '\t 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 ',
    '\tsel src 0.0.0.0/0 dst 0.0.0.0/0 ',
  ].join('\n');
}

/** SAs of a node as agent 1.18.3 has them, for two nodes. */
function states(n: number, peer: number, seq: string): string {
  const id = (0x1110 + peer).toString(16);
  return [
    ['172.18.0', ''],
    ['10.0', '.1'],
  ]
    .flatMap(([prefix, suffix]) => {
      const [own, other] = [`${prefix}.${n}${suffix}`, `${prefix}.${peer}${suffix}`];
      return [
        sa(own, other, `0x${id}3e00/0xffffff00`, '0xe00', `${own}_${other}`, seq),
        sa(other, own, `0x${id}0d00/0xffff0f00`, '0xd00', `${other}_${own}`, seq),
      ];
    })
    .join('\n');
}

function policies(n: number, peer: number): string {
  const mark = `mark 0x${(0x1110 + peer).toString(16)}3e00/0xffffff00`;
  const template = (src: string, dst: string) => `tmpl src ${src} dst ${dst}\n\t\tproto esp spi 0x00000003 reqid 1 mode tunnel`;
  const any = 'src 0.0.0.0/0 dst 0.0.0.0/0';
  const optional = 'tmpl src 0.0.0.0 dst 0.0.0.0\n\t\tproto esp reqid 0 mode tunnel\n\t\tlevel use';
  return [
    `${any} \n\tdir out action block priority 100 ptype main \n\tmark 0xe00/0xf00 `,
    `${any} \n\tdir in priority 0 ptype main \n\t${optional}`,
    `${any} \n\tdir fwd priority 2975 ptype main \n\t${optional}`,
    `src 172.18.0.${n}/32 dst 172.18.0.${peer}/32 \n\tdir out priority 0 ptype main \n\t${mark} \n\t${template(`172.18.0.${n}`, `172.18.0.${peer}`)}`,
    `src 0.0.0.0/0 dst 10.0.${peer}.0/24 \n\tdir out priority 0 ptype main \n\t${mark} \n\t${template(`10.0.${n}.1`, `10.0.${peer}.1`)}`,
  ].join('\n');
}

/** Every output of a healthy two-node cluster as agents 1.18.3 print it; tests change a line of it to get a fault. */
export function healthyOutputs(mode: 'ipsec' | 'wireguard'): readonly OutputParts[] {
  return (['before', 'after'] as const).flatMap((snapshot) => [
    ...[1, 2].flatMap((n) => nodeOutputs(mode, snapshot, n, 3 - n)),
    { snapshot, node: null, collector: 'cilium-nodes', stdout: ciliumNodes(mode) },
    { snapshot, node: null, collector: 'key-secret', stdout: '3+ rfc4106(gcm(aes)) <key:160:global> 128\n' },
  ]);
}

function nodeOutputs(mode: 'ipsec' | 'wireguard', snapshot: Snapshot, n: number, peer: number): readonly OutputParts[] {
  const after = snapshot === 'after';
  const ipsec = mode === 'ipsec';
  const node = `node${n}`;
  const say = (collector: string, stdout: string, argv?: readonly string[]): OutputParts => ({
    snapshot,
    node,
    collector,
    stdout,
    ...(argv === undefined ? {} : { argv }),
  });
  const seq = after ? '0x40' : '0x10';
  const interfaceLine = `cilium_wg0 (Pubkey: ${KEYS[n]}, Port: 51871, Peers: 1)`;
  const common = [
    say('xfrm-state', ipsec ? `${states(n, peer, seq)}\n` : ''),
    say('xfrm-policy', ipsec ? `${policies(n, peer)}\n` : ''),
    say('xfrm-stat', STAT),
    say(
      'ip-rule',
      `${ipsec ? '1:\tfrom all fwmark 0xd00/0xf00 lookup 200\n1:\tfrom all fwmark 0xe00/0xf00 lookup 200\n' : ''}100:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n`,
    ),
    say(
      'ip-route-200',
      ipsec
        ? `local 10.0.${n}.0/24 dev cilium_vxlan proto kernel scope host \n10.0.${peer}.0/24 dev cilium_host proto kernel mtu 1450 \n`
        : '',
    ),
    say(
      'ip-route',
      `default via 172.18.0.254 dev eth0 \n10.0.${peer}.0/24 via 10.0.${n}.1 dev cilium_host proto kernel src 10.0.${n}.1 mtu 1373 \n`,
    ),
    say('ip-route-get', `10.0.${peer}.11 dev cilium_host table 200 src 10.0.${n}.1 mark 0xe00 uid 0 \n    cache mtu 1450 \n`, [
      'ip',
      'route',
      'get',
      `10.0.${peer}.11`,
      'mark',
      '0xe00',
    ]),
    say('clock', `${START + (after ? 60 : 10)}.500000000\n`),
    say('uname', 'Linux node 6.1.0-40-amd64 #1 SMP x86_64 GNU/Linux\n'),
    say('crypto', 'name         : rfc4106(gcm(aes))\ndriver       : rfc4106-gcm-aesni\ntype         : aead\n\n'),
    say(
      'kernel-means',
      '[fips]\n0\n[command line]\n[modules]\nesp4\nesp6\ngcm\nwireguard\n[modprobe /usr/lib/modprobe.d/fb.conf]\nblacklist vfb \n[root]\next4\n[end]\n',
    ),
    say('cilium-version', 'Client: 1.18.3 go version go1.26.8 linux/amd64\nDaemon: 1.18.3 go version go1.26.8 linux/amd64\n'),
    say(
      'cilium-status',
      `KVStore:                 Ok   Disabled\nCilium:                  Ok    (v-)\nEncryption:              ${ipsec ? 'IPsec      ' : `Wireguard   [NodeEncryption: Disabled, ${interfaceLine}]`}\n`,
    ),
    say(
      'cilium-config',
      `EnableEncryptionStrictMode        : false\nEnableIPSec                       : ${ipsec}\nEnableWireguard                   : ${!ipsec}\nEncryptInterface                  : []\nEncryptNode                       : false\nRoutingMode                       : tunnel\n`,
    ),
    say(
      'encrypt-status',
      ipsec
        ? `Encryption: IPsec                     \nDecryption interface(s): eth0\nKeys in use: 4                         \nMax Seq. Number: ${seq}/0xffffffffffffffff\nErrors: 0                         \n`
        : `Encryption: Wireguard                 \nInterface: cilium_wg0\n\tPublic key: ${KEYS[n]}\n\tNumber of peers: 1\n`,
    ),
  ];
  if (ipsec) return common;
  const other = KEYS[peer];
  return [
    ...common,
    say('wg-public-key', `${KEYS[n]}\n`),
    say('wg-listen-port', '51871\n'),
    say('wg-fwmark', '0xe00\n'),
    say('wg-peers', `${other}\n`),
    say('wg-endpoints', `${other}\t172.18.0.${peer}:51871\n`),
    say('wg-allowed-ips', `${other}\t172.18.0.${peer}/32\n`),
    say('wg-latest-handshakes', `${other}\t${START + 5}\n`),
    say('wg-transfer', `${other}\t${after ? 9000 : 1000}\t${after ? 9000 : 1000}\n`),
  ];
}

function ciliumNodes(mode: 'ipsec' | 'wireguard'): string {
  const items = [1, 2].map(
    (n) => `- apiVersion: cilium.io/v2
  kind: CiliumNode
  metadata:
    name: node${n}
${mode === 'wireguard' ? `    annotations:\n      network.cilium.io/wg-pub-key: ${KEYS[n]}\n` : ''}  spec:
    addresses:
    - ip: 172.18.0.${n}
      type: InternalIP
    - ip: 10.0.${n}.1
      type: CiliumInternalIP
    encryption:
      key: ${mode === 'ipsec' ? 3 : 255}
    ipam:
      podCIDRs:
      - 10.0.${n}.0/24
`,
  );
  return `apiVersion: v1\nitems:\n${items.join('')}kind: List\n`;
}
