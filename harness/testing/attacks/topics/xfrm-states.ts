import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addBlock, changeBlocks } from '../blocks.ts';
import type { RecordingDraft } from '../draft.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];
const ONE: readonly BaseName[] = ['ipsec-1.17'];
const NODE1 = { node: 'node1', collector: 'xfrm-state' } as const;

/** The SAs of node1 that carry pods: those of cilium_host up to 1.17, those of the nodes from 1.18; and the idle ones. */
const ASSOCIATION: Readonly<Record<string, RegExp>> = {
  'out, cilium_host': /^src 10\.0\.1\.1 dst 10\.0\.2\.1/,
  'in, cilium_host': /^src 10\.0\.2\.1 dst 10\.0\.1\.1/,
  'out, node': /^src 172\.18\.0\.1 dst 172\.18\.0\.2/,
  'in, node': /^src 172\.18\.0\.2 dst 172\.18\.0\.1/,
};
const EACH = Object.keys(ASSOCIATION);

function edit(draft: RecordingDraft, name: string, change: (block: string) => string | null): void {
  draft.output(NODE1, changeBlocks(ASSOCIATION[name] ?? /^$/, change));
}

/** One edit of each SA of node1, in each recording. */
function ofEach(id: string, what: string, turns: readonly string[], change: (block: string) => string | null) {
  return { id, what, on: ONE, variants: EACH, turns, edit: (draft: RecordingDraft, name: string) => edit(draft, name, change) };
}

/** Values of one field of the out SA that carries nothing but what the selector lets in. */
const SELECTORS = [
  'sel src 10.0.1.11/32 dst 10.0.2.11/32',
  'sel src 0.0.0.0/0 dst 10.0.2.0/24 proto tcp',
  'sel src 0.0.0.0/0 dst 0.0.0.0/0 proto udp dport 53',
  'sel src 0.0.0.0/0 dst 0.0.0.0/0 dev eth1',
];

const ALGORITHMS: Readonly<Record<string, string>> = {
  'no cipher': '\tauth-trunc digest_null 0x 0\n\tenc ecb(cipher_null) ',
  'no cipher, integrity only': '\tauth-trunc hmac(sha256) <key:256:00112233445566778899aabb> 128\n\tenc ecb(cipher_null) ',
  'GMAC, which only signs': '\taead rfc4543(gcm(aes)) <key:160:00112233445566778899aabb> 128',
  'triple DES': '\tauth-trunc hmac(sha1) <key:160:00112233445566778899aabb> 96\n\tenc cbc(des3_ede) <key:192:00112233445566778899aabb>',
  'CBC without integrity': '\tenc cbc(aes) <key:128:00112233445566778899aabb>',
  'an ICV of 64 bits': '\taead rfc4106(gcm(aes)) <key:160:00112233445566778899aabb> 64',
  'a key of 32 bits': '\taead rfc4106(gcm(aes)) <key:32:00112233445566778899aabb> 128',
};

export const xfrmStates: AttackTopic = {
  topic: 'xfrm-states',
  root: 'an SA is compared by its addresses, SPI, mark and key, and its other fields are not read',
  manipulations: [
    ofEach('transport', 'the SA is in transport mode: the pod packet has no tunnel, its addresses are in the clear', ['XFR-01'], (b) =>
      b.replace('mode tunnel', 'mode transport'),
    ),
    ofEach('beet', 'the SA is in BEET mode, which Cilium never lays out', ['XFR-01'], (b) => b.replace('mode tunnel', 'mode beet')),
    ofEach('reqid', 'the SA has another reqid: no template asks for it', ['XFR-01'], (b) =>
      b.replace(/reqid 1\(0x00000001\)/, 'reqid 7(0x00000007)'),
    ),
    ofEach('if-id', 'the SA serves one XFRM interface only', ['XFR-01'], (b) => b.replace(/(\taead )/, '\tif_id 0x5\n$1')),
    ofEach('encap', 'the SA wraps its ESP in UDP, which Cilium never does', ['XFR-01'], (b) =>
      b.replace(/(\tanti-replay|\tsel )/, '\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n$1'),
    ),
    ofEach(
      'offload',
      'a network card is asked to encrypt in place of the kernel: captures on the node are then before encryption',
      ['XFR-01'],
      (b) => b.replace(/(\tsel src .*\n)/, '$1\tcrypto offload parameters: dev eth0 dir out mode packet\n'),
    ),
    ofEach('missing', 'the SA is missing in both readings', ['XFR-01'], () => null),
    ofEach('protocol', 'the SA is one of AH: it signs and does not encrypt', ['XFR-01'], (b) => b.replace('proto esp', 'proto ah')),
    ofEach('other-spi', 'the SA has another key id than the rest', ['XFR-01'], (b) => b.replace('0x00000003(3)', '0x00000005(5)')),
    ofEach('no-mark', 'the SA has no mark: it serves any packet', ['XFR-05'], (b) => b.replace(/\tmark .*\n/, '')),
    ofEach('mask', 'the SA asks for a part of its mark only', ['XFR-05'], (b) => b.replace(/(mark 0x[0-9a-f]+)\/0x[0-9a-f]+/, '$1/0xf00')),
    ofEach('output-mark', 'the SA leaves another mark on the packet: rules lead it elsewhere', ['XFR-05'], (b) =>
      b.replace(/output-mark \S+/, 'output-mark 0x200/0xf00'),
    ),
    ofEach('no-output-mark', 'the SA leaves no mark on the packet', ['XFR-05'], (b) => b.replace(/ output-mark \S+/, '')),
    ofEach('no-esn', 'the SA has 32 bits of sequence numbers where the profile has 64', ['XFR-10'], (b) =>
      b.replace(/ flag esn \(0x10000000\)/, ''),
    ),
    ofEach('window', 'the SA has a small replay window', ['XFR-10'], (b) => b.replace('replay_window 1024', 'replay_window 32')),
    ofEach('no-key', 'no key of the SA was printed', ['XFR-03'], (b) => b.replace(/<key:160:[0-9a-f]+>/, '<key:160>')),
    ofEach('strange-key', 'the SA has a key that the other end does not have', ['XFR-03'], (b) =>
      b.replace(/<key:160:[0-9a-f]+>/, '<key:160:00112233445566778899aabb>'),
    ),
    ofEach('exhausted', 'the sequence numbers of the SA are nearly used up', ['XFR-10'], (b) =>
      b.replace(/seq-hi \S+, seq \S+, oseq-hi \S+, oseq \S+/, 'seq-hi 0xf0000000, seq 0x10, oseq-hi 0xf0000000, oseq 0x10'),
    ),
    ofEach(
      'flags',
      'the SA has flags that Cilium does not set: it takes packets for any address family, and keeps no DSCP',
      ['XFR-01'],
      (b) => b.replace(' flag esn (0x10000000)', ' flag wildrecv esn (0x10000008)'),
    ),
    {
      id: 'failed',
      what: 'the kernel counted packets of the SA whose integrity check failed',
      on: ONE,
      variants: EACH,
      turns: ['XFR-08'],
      edit: (draft, name) =>
        draft.output(
          { ...NODE1, snapshot: 'after' },
          changeBlocks(ASSOCIATION[name] ?? /^$/, (b) =>
            b.replace(/replay-window \d+ replay \d+ failed \d+/, 'replay-window 0 replay 0 failed 9'),
          ),
        ),
    },
    {
      id: 'replayed',
      what: 'the kernel counted packets of the SA that were replayed',
      on: ONE,
      variants: EACH,
      turns: ['XFR-08'],
      edit: (draft, name) =>
        draft.output(
          { ...NODE1, snapshot: 'after' },
          changeBlocks(ASSOCIATION[name] ?? /^$/, (b) =>
            b.replace(/replay-window \d+ replay \d+ failed \d+/, 'replay-window 0 replay 9 failed 0'),
          ),
        ),
    },
    {
      id: 'selector',
      what: 'the SA takes a part of the packets only: what the policy leads to it and it does not take is dropped or goes elsewhere',
      on: ONE,
      variants: EACH.flatMap((name) => SELECTORS.map((selector) => `${name}: ${selector}`)),
      turns: ['XFR-01'],
      edit: (draft, variant) => {
        const [name = '', selector = ''] = variant.split(': ');
        edit(draft, name, (block) => block.replace(/sel src \S+ dst \S+( uid 0)?/, `${selector} uid 0`));
      },
    },
    {
      id: 'algorithm',
      what: 'the SA does not encrypt, or not well enough',
      on: ONE,
      variants: EACH.slice(0, 3).flatMap((name) => Object.keys(ALGORITHMS).map((algorithm) => `${name}: ${algorithm}`)),
      turns: ['XFR-02'],
      edit: (draft, variant) => {
        const [name = '', algorithm = ''] = variant.split(': ');
        edit(draft, name, (block) => block.replace(/\taead .*/, ALGORITHMS[algorithm] ?? ''));
      },
    },
    {
      id: 'one-key',
      what: 'two tunnels share one key where each is claimed to have its own',
      on: IPSEC,
      turns: ['XFR-03'],
      edit: (draft) => draft.replace({ collector: 'xfrm-state' }, /<key:160:[0-9a-f]+>/g, '<key:160:00112233445566778899aabb>'),
    },
    {
      id: 'stranger',
      what: 'node1 keeps an SA with a stranger, who can read what is sent to him',
      on: IPSEC,
      variants: [
        'src 172.18.0.1 dst 172.18.0.99',
        'src 172.18.0.99 dst 172.18.0.1',
        'src 10.0.1.1 dst 10.0.9.1',
        'src 10.0.9.1 dst 10.0.9.2',
      ],
      turns: ['XFR-01'],
      edit: (draft, ends) =>
        draft.output(NODE1, (text) => {
          const [, block = ''] = /(^src 10\.0\.1\.1 dst 10\.0\.2\.1\n(?:\s.*\n)*)/m.exec(text) ?? [];
          return addBlock(
            block
              .trimEnd()
              .replace(/^src \S+ dst \S+/, ends)
              .replace(/<key:160:[0-9a-f]+>/, '<key:160:00112233445566778899aabb>'),
          )(text);
        }),
    },
    {
      id: 'cut',
      what: 'the listing ends inside an SA, with exit code 0, in both readings',
      on: ONE,
      variants: ['behind the addresses', 'in the algorithm', 'in the counters'],
      turns: ['XFR-01'],
      edit: (draft, where) =>
        draft.output(NODE1, (text) => {
          const last = text.lastIndexOf('\nsrc ');
          if (where === 'behind the addresses') return text.slice(0, text.indexOf('\n', last + 1) + 1);
          if (where === 'in the algorithm') return text.slice(0, text.lastIndexOf('aead rfc41') + 9);
          return text.slice(0, text.lastIndexOf('anti-replay esn') + 9);
        }),
    },
    {
      id: 'nothing',
      what: 'node1 lists no SA at all, with exit code 0',
      on: IPSEC,
      variants: ['before', 'after'],
      turns: ['XFR-01'],
      edit: (draft, snapshot) => draft.output({ ...NODE1, snapshot: snapshot === 'before' ? 'before' : 'after' }, () => ''),
    },
    {
      id: 'counters-back',
      what: 'the counters of an SA go back while the traffic flows: it was replaced in between',
      on: ['ipsec-1.17'],
      turns: ['XFR-09'],
      edit: (draft) =>
        draft.output({ ...NODE1, snapshot: 'after' }, (text) =>
          text.replace(/oseq 0x[0-9a-f]+/g, 'oseq 0x0').replace(/\d+\(bytes\), \d+\(packets\)/g, '0(bytes), 0(packets)'),
        ),
    },
  ],
};
