import type { Decoded } from '../../harness/decode/decoded.ts';
import { decodeIpLink } from '../../harness/decode/kernel/ip-link.ts';
import { decodeIpRoute, decodeIpRouteGet } from '../../harness/decode/kernel/ip-route.ts';
import { decodeIpRule } from '../../harness/decode/kernel/ip-rule.ts';
import { decodeProcCrypto } from '../../harness/decode/kernel/proc-crypto.ts';
import { redactXfrmKeys } from '../../harness/decode/kernel/redact.ts';
import { decodeWireguardDump } from '../../harness/decode/kernel/wireguard-dump.ts';
import { decodeWireguard, decodeWireguardShow } from '../../harness/decode/kernel/wireguard-show.ts';
import { joinWireguard } from '../../harness/decode/kernel/wireguard-subcommands.ts';
import { decodeXfrmPolicy } from '../../harness/decode/kernel/xfrm-policy.ts';
import { decodeXfrmStat } from '../../harness/decode/kernel/xfrm-stat.ts';
import { decodeXfrmState } from '../../harness/decode/kernel/xfrm-state.ts';
import { scanBytes } from '../../harness/decode/secrets/scan-bytes.ts';
import { withholdSecrets, withholdSettings } from '../../harness/decode/secrets/withhold.ts';
import { decodeCiliumConfig } from '../../harness/stacks/cilium/decode/cilium-config.ts';
import { decodeCiliumNodes } from '../../harness/stacks/cilium/decode/cilium-nodes.ts';
import { decodeCiliumStatus } from '../../harness/stacks/cilium/decode/cilium-status.ts';
import { decodeEncryptStatus } from '../../harness/stacks/cilium/decode/encrypt-status.ts';
import { decodeIpcache } from '../../harness/stacks/cilium/decode/ipcache.ts';
import { decodeKeySecret } from '../../harness/stacks/cilium/decode/key-secret.ts';
import { decodeNodeList } from '../../harness/stacks/cilium/decode/node-list.ts';
import { redactKeySecret } from '../../harness/stacks/cilium/redact-key-secret.ts';
import { type CaseOutcome, type FuzzPart, must } from './part.ts';
import { mutateText } from './random.ts';

const DECODERS: readonly ((text: string) => Decoded<unknown>)[] = [
  decodeXfrmState,
  decodeXfrmPolicy,
  decodeXfrmStat,
  decodeIpRule,
  decodeIpRoute,
  decodeIpRouteGet,
  decodeIpLink,
  decodeProcCrypto,
  decodeWireguard,
  decodeWireguardShow,
  decodeWireguardDump,
  (text) => joinWireguard({ peers: text, transfer: text, fwmark: text, endpoints: text, 'allowed-ips': text }),
  decodeCiliumStatus,
  decodeEncryptStatus,
  decodeCiliumConfig,
  decodeCiliumNodes,
  decodeNodeList,
  decodeIpcache,
  decodeKeySecret,
];

const KEY = '46a003d2d64c57babd01910a4030a257f07b8aeb';
const WIREGUARD_KEY = 'gI8DwLlMPsVyQyGQd9z0QeX5Y2VnYz8x0oZkq3Tr3nM=';

/** Small outputs of each kind, with keys at the same places as real ones. */
export const SAMPLES: readonly string[] = [
  `src 10.0.1.1 dst 10.0.2.1\n\tproto esp spi 0x00000003(3) reqid 1(0x00000001) mode tunnel\n\treplay-window 0 seq 0x00000000 flag af-unspec esn (0x10100000) extra_flag oseq-may-wrap\n\tmark 0x23e00/0xffffff00 output-mark 0xe00/0xffffff00\n\taead rfc4106(gcm(aes)) 0x${KEY} (160 bits) 128\n\tanti-replay esn context:\n\t seq-hi 0x0, seq 0x0, oseq-hi 0x0, oseq 0x23\n\t replay_window 1024, bitmap-length 32\n\t 00000000 00000000 007fffff\n\tlifetime current:\n\t  1234(bytes), 12(packets)\n\tsel src 0.0.0.0/0 dst 0.0.0.0/0\n`,
  `src 10.244.0.0/16 dst 10.244.1.0/24\n\tdir out priority 0 ptype main\n\tmark 0x3e00/0xff00\n\ttmpl src 10.0.1.1 dst 10.0.2.1\n\t\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\t\tlevel use\n`,
  'XfrmInError             \t0\nXfrmOutNoStates         \t3\n',
  '0:\tfrom all lookup local\n1:\tfrom all fwmark 0xe00/0xf00 lookup 200\n1000:\tfrom all lookup [l3mdev-table]\n32766:\tfrom all lookup main\n',
  '[{"priority":0,"src":"all","table":"local"},{"priority":1,"src":"all","fwmark":"0xe00","fwmask":"0xf00","table":"200"},{"priority":1000,"src":"all","l3mdev":null}]',
  'default via 172.18.0.1 dev eth0 mtu 1450\nlocal 10.0.0.1 dev lo table 255 proto 2 scope 254 src 10.0.0.1\n10.244.1.0/24 dev cilium_host table 200 scope link\n\tnexthop via 10.0.0.2 dev eth0 weight 1\n',
  '10.244.2.20 from 10.244.1.10 dev cilium_wg0 table 201 mark 0xe00 uid 0\n    cache <local> expires 10sec\n',
  '2: eth0@if7: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default\n    link/ether 02:42:ac:12:00:02 brd ff:ff:ff:ff:ff:ff\n    inet 172.18.0.2/16 brd 172.18.255.255 scope global eth0\n',
  'name         : rfc4106(gcm(aes))\ndriver       : rfc4106-gcm-aesni\ntype         : aead\n\nname         : sha256\n',
  `interface: cilium_wg0\n  public key: ${WIREGUARD_KEY}\n  private key: (hidden)\n  listening port: 51871\n  fwmark: 0xe00\n\npeer: ${WIREGUARD_KEY}\n  preshared key: ${WIREGUARD_KEY}\n  endpoint: 172.18.0.3:51871\n  allowed ips: 10.244.1.0/24, 172.18.0.3/32\n  latest handshake: 1 minute, 31 seconds ago\n  transfer: 190.18 KiB received, 200.01 KiB sent\n`,
  `cilium_wg0\t${WIREGUARD_KEY}\t${WIREGUARD_KEY}\t51871\t0xe00\ncilium_wg0\t${WIREGUARD_KEY}\t(none)\t172.18.0.3:51871\t10.244.1.0/24\t1700000000\t10\t20\toff\n`,
  'KVStore:                 Disabled\nKubernetes:              Ok   1.31 (v1.31.0) [linux/amd64]\nEncryption:              IPsec\nRouting:                 Network: Tunnel [vxlan]   Host: BPF\nCilium:                  Ok   1.18.3 (v1.18.3-c1601689)\n',
  `Encryption: Wireguard\nInterface: cilium_wg0\n\tPublic key: ${WIREGUARD_KEY}\n\tNumber of peers: 2\n`,
  'Encryption: IPsec\nDecryption interface(s): eth0\nKeys in use: 1\nMax Seq. Number: 0x23/0xffffffff\nErrors: 2\n\tXfrmInError: 2\n',
  '{"encryption":{"mode":"IPsec","ipsec":{"keys-in-use":1,"max-seq-number":"0x23"}},"routing":{"inter-host-routing-mode":"Tunnel"}}',
  '##### Read-write configurations #####\nConntrackAccounting               : Enabled\nIPSecKeyFile                      : /etc/ipsec/keys\nkvstore-password                  : hunter2hunter\n',
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\ndata:\n  enable-ipsec: "true"\n  ipsec-key-file: /etc/ipsec/keys\n  api-token: a1b2c3d4e5f6a7b8\n',
  'apiVersion: v1\nitems:\n- apiVersion: cilium.io/v2\n  kind: CiliumNode\n  metadata:\n    name: node1\n    annotations:\n      network.cilium.io/wg-pub-key: ' +
    `${WIREGUARD_KEY}\n  spec:\n    addresses:\n    - ip: 172.18.0.2\n      type: InternalIP\n    encryption:\n      key: 3\n    ipam:\n      podCIDRs:\n      - 10.244.0.0/24\n`,
  'IP PREFIX/ADDRESS   IDENTITY\n10.244.1.10/32      identity=12345 encryptkey=3 tunnelendpoint=172.18.0.3 flags=hastunnel\n0.0.0.0/0           identity=2 encryptkey=0 tunnelendpoint=0.0.0.0\n',
  'Name          IPv4 Address   Endpoint CIDR   IPv6 Address   Endpoint CIDR   Source\nkind/node1    172.18.0.2     10.244.0.0/24                                  local\n',
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: cilium-ipsec-keys\ndata:\n  keys: ${Buffer.from(`3+ rfc4106(gcm(aes)) ${KEY} 128\n`).toString('base64')}\n`,
];

/** The most time for a text of this length; the time of each reader must grow linearly with the text. */
const MS_PER_100_KB = 4000;

/** Texts through every decoder, redactor and the search for secrets. A key that is complete on its line must never be in the output. */
export function textPart(): FuzzPart {
  return {
    name: 'text',
    about: 'mutated outputs of kernel and agent through every decoder, redactor and the search for secrets',
    run(random) {
      const text = mutateText(random, random.of(SAMPLES), SAMPLES);
      const started = performance.now();
      let outcome: CaseOutcome = 'read';
      const lines = text.split('\n').length;
      for (const decode of DECODERS) {
        const { unparsed } = decode(text);
        for (const { line } of unparsed) must(line >= 1 && line <= lines, `line ${line} of ${lines} is reported`);
      }
      must(!JSON.stringify(decodeXfrmState(text)).includes(KEY), 'decodeXfrmState shows the key');
      must(!JSON.stringify(decodeXfrmPolicy(text)).includes(KEY), 'decodeXfrmPolicy shows the key');
      if (!redacted(() => redactXfrmKeys(text, () => 'print'))) outcome = 'refused';
      redacted(() => redactKeySecret(text, () => 'print'));
      const held = withholdSettings(text);
      must(withholdSettings(held) === held, 'settings are withheld once more');
      must(!/hunter2hunter/.test(withholdSecrets('kvstore-password: hunter2hunter')), 'a password is stored');
      if (random.below(20) === 0) scanBytes(Buffer.from(text), { marks: null, isPublic: () => false });
      const limit = MS_PER_100_KB * Math.max(1, text.length / 100_000);
      const took = performance.now() - started;
      must(took < limit, `${text.length} characters took ${took.toFixed(0)} ms`);
      return outcome;
    },
  };
}

/** The output of a redactor contains no key; a refused text is not stored, and the refusal contains no key. */
function redacted(redact: () => string): boolean {
  let text: string;
  try {
    text = redact();
  } catch (error) {
    must(error instanceof Error && !error.message.includes(KEY.slice(0, 12)), 'the refusal names the key');
    return false;
  }
  for (let from = 0; from + 16 <= KEY.length; from++) must(!text.includes(KEY.slice(from, from + 16)), 'a piece of the key is stored');
  return true;
}
