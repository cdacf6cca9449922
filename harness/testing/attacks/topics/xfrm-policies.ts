import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addBlock, changeBlocks } from '../blocks.ts';
import type { RecordingDraft } from '../draft.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];

/** The policies of node1 by what they are for, as the start of the block. */
const POLICY: Readonly<Record<string, RegExp>> = {
  'out-pods': /^src 0\.0\.0\.0\/0 dst 10\.0\.2\.0\/24/,
  'out-nodes': /^src 172\.18\.0\.1\/32/,
  block: /action block/,
  in: /dir in /,
  fwd: /dir fwd /,
};

const NODE1 = { node: 'node1', collector: 'xfrm-policy' } as const;

function edit(draft: RecordingDraft, name: string, change: (block: string) => string | null): void {
  draft.output(NODE1, changeBlocks(POLICY[name] ?? /^$/, change));
}

/** Further words of a selector, as iproute2 prints them behind the destination (ip/ipxfrm.c xfrm_selector_print). */
const SELECTORS = ['proto udp', 'proto tcp', 'proto icmp', 'proto udp dport 53', 'proto tcp sport 80', 'dev eth0', 'uid 1000'];

const narrowed = (name: string, what: string, turns: readonly string[]) => ({
  id: `${name}-selector`,
  what: `the ${what} of node1 holds for a part of the packets only: for one protocol, port, device or user; every other packet passes it by`,
  on: ['ipsec-1.17'] as const,
  variants: SELECTORS,
  turns,
  edit: (draft: RecordingDraft, selector: string) => edit(draft, name, (block) => block.replace(/^(src \S+ dst \S+) /, `$1 ${selector} `)),
});

const TEMPLATES: Readonly<Record<string, readonly [from: RegExp | string, to: string]>> = {
  'AH, which does not encrypt': ['proto esp', 'proto ah'],
  'IPComp, which does not encrypt': ['proto esp', 'proto comp'],
  'transport mode': ['mode tunnel', 'mode transport'],
  'beet mode': ['mode tunnel', 'mode beet'],
  'level use, which lets packets out in the clear': ['mode tunnel', 'mode tunnel\n\t\tlevel use'],
  'an SPI that no SA has': ['spi 0x00000003', 'spi 0x00000009'],
  'a reqid that no SA has': ['reqid 1', 'reqid 7'],
  'another end': [/tmpl src (\S+) dst \S+/, 'tmpl src $1 dst 172.18.0.99'],
  'another start': [/tmpl src \S+ dst/, 'tmpl src 172.18.0.99 dst'],
};

/** Policies that stand beside the right ones and catch packets before them. */
const ADDED: Readonly<Record<string, string>> = {
  'a pod may leave in the clear': 'src 10.0.1.11/32 dst 10.0.2.0/24 \n\tdir out priority 0 ptype main \n\tmark 0xe00/0xf00 ',
  'one destination may be reached in the clear': 'src 0.0.0.0/0 dst 10.0.2.11/32 \n\tdir out priority 0 ptype main ',
  'one port may leave in the clear': 'src 0.0.0.0/0 dst 0.0.0.0/0 proto udp dport 53 \n\tdir out priority 0 ptype main ',
  'packets to a stranger go to an SA of a stranger':
    'src 0.0.0.0/0 dst 10.0.9.0/24 \n\tdir out priority 0 ptype main \n\tmark 0x45d03e00/0xffffff00 \n\ttmpl src 172.18.0.1 dst 172.18.0.99\n\t\tproto esp spi 0x00000003 reqid 1 mode tunnel',
  'an optional template comes first':
    'src 0.0.0.0/0 dst 10.0.2.0/24 \n\tdir out priority 0 ptype main \n\ttmpl src 0.0.0.0 dst 0.0.0.0\n\t\tproto esp reqid 0 mode tunnel\n\t\tlevel use',
  'in policies take what was never encrypted': 'src 10.0.2.0/24 dst 10.0.1.0/24 \n\tdir in priority 0 ptype main ',
  'a policy of a further type': 'src 0.0.0.0/0 dst 10.0.2.0/24 \n\tdir out priority 0 ptype sub ',
};

export const xfrmPolicies: AttackTopic = {
  topic: 'xfrm-policies',
  root: 'a policy is compared by its direction and addresses, and its other fields are not read',
  manipulations: [
    narrowed('out-pods', 'out policy for the remote pods', ['XFR-06']),
    narrowed('out-nodes', 'out policy between the nodes', ['XFR-06']),
    narrowed('block', 'block policy', ['XFR-07']),
    narrowed('in', 'in policy', ['XFR-06']),
    narrowed('fwd', 'fwd policy', ['XFR-06']),
    {
      id: 'missing',
      what: 'node1 lacks the policy in both readings, and the traffic happened to find another way into the SA',
      on: IPSEC,
      variants: ['out-pods', 'in', 'fwd', 'out-nodes'],
      turns: ['XFR-06'],
      edit: (draft, name) => edit(draft, name, () => null),
    },
    {
      id: 'missing-block',
      what: 'node1 lacks the block policy: what meets no out policy leaves in the clear',
      on: IPSEC,
      turns: ['XFR-07'],
      edit: (draft) => edit(draft, 'block', () => null),
    },
    {
      id: 'missing-after',
      what: 'the policy goes while the traffic flows: it is there before and not after',
      on: ['ipsec-1.17'],
      variants: ['out-pods', 'in', 'fwd', 'out-nodes'],
      turns: ['XFR-06'],
      edit: (draft, name) =>
        draft.output(
          { ...NODE1, snapshot: 'after' },
          changeBlocks(POLICY[name] ?? /^$/, () => null),
        ),
    },
    {
      id: 'if-id',
      what: 'the policy holds for packets of one XFRM interface only, which pods do not use',
      on: ['ipsec-1.18'],
      variants: ['out-pods', 'out-nodes', 'in', 'fwd'],
      turns: ['XFR-06'],
      edit: (draft, name) => edit(draft, name, (block) => block.replace(/(\tdir .*\n(?:\tmark .*\n)?)/, '$1\tif_id 0x5\n')),
    },
    {
      id: 'if-id-block',
      what: 'the block policy holds for packets of one XFRM interface only',
      on: IPSEC,
      turns: ['XFR-07'],
      edit: (draft) => edit(draft, 'block', (block) => `${block}\tif_id 0x5\n`),
    },
    {
      id: 'template',
      what: 'the template of the out policy asks for something else than ESP in tunnel mode of the SA',
      on: ['ipsec-1.17'],
      variants: Object.keys(TEMPLATES),
      turns: ['XFR-06'],
      edit: (draft, name) =>
        edit(draft, 'out-pods', (block) => {
          const [from, to] = TEMPLATES[name] ?? ['', ''];
          return block.replace(from, to);
        }),
    },
    {
      id: 'node-template',
      what: 'the template of the out policy between the nodes asks for something else than ESP in tunnel mode of the SA',
      on: ['ipsec-1.18'],
      variants: Object.keys(TEMPLATES),
      turns: ['XFR-06'],
      edit: (draft, name) =>
        edit(draft, 'out-nodes', (block) => {
          const [from, to] = TEMPLATES[name] ?? ['', ''];
          return block.replace(from, to);
        }),
    },
    {
      id: 'second-template',
      what: 'the policy has a second template, which asks for IPComp as well',
      on: ['ipsec-1.17'],
      variants: ['out-pods', 'out-nodes'],
      turns: ['XFR-06'],
      edit: (draft, name) =>
        edit(draft, name, (block) => block.replace(/(\ttmpl (src \S+ dst \S+)\n)/, '\ttmpl $2\n\t\tproto comp reqid 1 mode tunnel\n$1')),
    },
    {
      id: 'no-template',
      what: 'the out policy has no template: it lets packets out as they are',
      on: IPSEC,
      variants: ['out-pods', 'out-nodes'],
      turns: ['XFR-06'],
      edit: (draft, name) => edit(draft, name, (block) => block.replace(/\ttmpl [\s\S]*/, '')),
    },
    {
      id: 'added',
      what: 'node1 has a policy more than the profile knows',
      on: ['ipsec-1.18'],
      variants: Object.keys(ADDED),
      turns: ['XFR-06'],
      edit: (draft, name) => draft.output(NODE1, addBlock(ADDED[name] ?? '')),
    },
    {
      id: 'narrow-destination',
      what: 'the out policy holds for a part of the remote pods only',
      on: ['ipsec-1.17'],
      variants: ['10.0.2.0/25', '10.0.2.11/32', '10.0.3.0/24'],
      turns: ['XFR-06'],
      edit: (draft, cidr) => edit(draft, 'out-pods', (block) => block.replace('dst 10.0.2.0/24', `dst ${cidr}`)),
    },
    {
      id: 'narrow-source',
      what: 'the out policy holds for a part of the own pods only',
      on: ['ipsec-1.17'],
      variants: ['10.0.1.12/32', '10.0.1.128/25', '10.0.9.0/24'],
      turns: ['XFR-06'],
      edit: (draft, cidr) => edit(draft, 'out-pods', (block) => block.replace('src 0.0.0.0/0', `src ${cidr}`)),
    },
    {
      id: 'narrow-block',
      what: 'the block policy holds for a part of the addresses only',
      on: ['ipsec-1.18'],
      variants: ['src 10.0.1.0/24 dst 0.0.0.0/0', 'src 0.0.0.0/0 dst 10.0.0.0/8', 'src 0.0.0.0/0 dst 10.0.2.0/24'],
      turns: ['XFR-07'],
      edit: (draft, selector) => edit(draft, 'block', (block) => block.replace(/^src \S+ dst \S+/, selector)),
    },
    {
      id: 'mark',
      what: 'the out policy asks for another mark: the packets that Cilium marks pass it by',
      on: ['ipsec-1.17'],
      variants: ['\tmark 0xe00/0xf00 ', '\tmark 0x3e00/0xff00 ', '\tmark 0xaaaa3e00/0xffffff00 ', '\tmark 0x0/0x0 ', ''],
      turns: ['XFR-05'],
      edit: (draft, mark) => edit(draft, 'out-pods', (block) => block.replace(/\tmark .*\n/, mark === '' ? '' : `${mark}\n`)),
    },
    {
      id: 'block-mark',
      what: 'the block policy asks for another mark: packets that are marked for encryption pass it by',
      on: ['ipsec-1.18'],
      variants: ['0xd00/0xf00', '0xe00/0xffffffff', '0x3e00/0xff00', '0x0/0xf00'],
      turns: ['XFR-07'],
      edit: (draft, mark) => edit(draft, 'block', (block) => block.replace(/mark \S+/, `mark ${mark}`)),
    },
    {
      id: 'block-first',
      what: 'the block policy has the priority of the out policies: which comes first is chance',
      on: IPSEC,
      turns: ['XFR-07'],
      edit: (draft) => edit(draft, 'block', (block) => block.replace('priority 100', 'priority 0')),
    },
    {
      id: 'out-last',
      what: 'the out policy comes behind the block policy',
      on: IPSEC,
      variants: ['out-pods', 'out-nodes'],
      turns: ['XFR-06', 'XFR-07'],
      edit: (draft, name) => edit(draft, name, (block) => block.replace('priority 0', 'priority 200')),
    },
    {
      id: 'out-blocks',
      what: 'the out policy drops the packets that it should encrypt',
      on: IPSEC,
      variants: ['out-pods', 'out-nodes'],
      turns: ['XFR-06'],
      edit: (draft, name) => edit(draft, name, (block) => block.replace('dir out ', 'dir out action block ')),
    },
    {
      id: 'block-allows',
      what: 'the block policy lets packets out',
      on: IPSEC,
      turns: ['XFR-07'],
      edit: (draft) => edit(draft, 'block', (block) => block.replace('action block ', '')),
    },
    {
      id: 'flags',
      what: 'the policy has a flag that Cilium does not set',
      on: ['ipsec-1.17'],
      variants: ['localok', 'icmp'],
      turns: ['XFR-06'],
      edit: (draft, flag) => edit(draft, 'out-pods', (block) => block.replace('ptype main', `ptype main flag ${flag}`)),
    },
    {
      id: 'cut',
      what: 'the listing ends inside a policy, with exit code 0, in both readings',
      on: ['ipsec-1.17'],
      variants: ['in a template', 'in a selector', 'before the first template'],
      turns: ['XFR-06'],
      edit: (draft, where) =>
        draft.output(NODE1, (text) => {
          if (where === 'in a template') return text.slice(0, text.lastIndexOf('\t\tproto'));
          if (where === 'in a selector') return `${text}src 10.0.`;
          return text.slice(0, text.lastIndexOf('\ttmpl'));
        }),
    },
    {
      id: 'nothing',
      what: 'node1 lists no policy at all, with exit code 0',
      on: IPSEC,
      turns: ['XFR-06', 'XFR-07'],
      edit: (draft) => draft.output(NODE1, () => ''),
    },
    {
      id: 'failed',
      what: 'the policies of node1 could not be read',
      on: IPSEC,
      turns: ['XFR-06', 'XFR-07'],
      edit: (draft) => draft.fail(NODE1, 'Cannot open netlink socket: Operation not permitted'),
    },
  ],
};
