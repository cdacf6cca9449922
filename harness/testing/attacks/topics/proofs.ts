import { KEY_PATTERNS_FILE } from '../../../model/key-patterns.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'ipsec-1.18'];

export const proofs: AttackTopic = {
  topic: 'proofs',
  root: 'one proof counts for all, and it is not checked what it proves',
  manipulations: [
    {
      id: 'decryption-one',
      what: 'packets of one SA were decrypted and those of the others were not',
      on: [...IPSEC, 'ipsec-three-nodes'],
      variants: ['first', 'last'],
      turns: ['WIR-07'],
      edit: (draft, which) => {
        const { decryption } = draft.manifest.proofs;
        draft.manifest.proofs.decryption = which === 'first' ? decryption.slice(0, 1) : decryption.slice(-1);
      },
    },
    {
      id: 'decryption-none',
      what: 'nothing was decrypted',
      on: IPSEC,
      turns: ['WIR-07'],
      edit: (draft) => {
        draft.manifest.proofs.decryption = [];
      },
    },
    {
      id: 'decryption-capture',
      what: 'the packets that were decrypted are of another capture than the one that is judged',
      on: ['ipsec-1.17'],
      variants: ['captures/clear/wire-tap-br-lab.pcap', 'captures/elsewhere.pcap', 'captures/clear/nic-node1-eth0.pcap'],
      turns: ['WIR-07'],
      edit: (draft, capture) => {
        for (const proof of draft.manifest.proofs.decryption) proof.capture = capture;
      },
    },
    {
      id: 'decryption-association',
      what: 'the packets that were decrypted are of an SA that is not on the wire or not in the kernel',
      on: ['ipsec-1.17'],
      variants: ['src', 'dst', 'spi'],
      turns: ['WIR-07'],
      edit: (draft, part) => {
        for (const proof of draft.manifest.proofs.decryption) {
          if (part === 'spi') proof.spi = '0x00000009';
          else proof[part === 'src' ? 'src' : 'dst'] = '192.0.2.7';
        }
      },
    },
    {
      id: 'decryption-flows',
      what: 'what was found inside is no flow that was driven',
      on: ['ipsec-1.17'],
      variants: ['none', 'unknown', 'the clear phase’s'],
      turns: ['WIR-07'],
      edit: (draft, which) => {
        for (const proof of draft.manifest.proofs.decryption)
          proof.flows = { none: [], unknown: ['pod-pod/tcp/ipv4/x/y'] }[which as 'none'] ?? [
            'same-node/udp/ipv4/endor/deathstar-1/endor/tiefighter-1',
          ];
      },
    },
    {
      id: 'decryption-direction',
      what: 'what was found inside belongs to the other direction',
      on: IPSEC,
      turns: ['WIR-07'],
      edit: (draft) => {
        for (const proof of draft.manifest.proofs.decryption) proof.flows = ['node-node/udp/ipv4/node1/node2'];
      },
    },
    {
      id: 'decryption-count',
      what: 'less was decrypted than was tried, or nothing was tried, or more than there is',
      on: ['ipsec-1.17'],
      variants: ['one less', 'none of them', 'nothing tried', 'more than tried', 'more than there are frames'],
      turns: ['WIR-07'],
      edit: (draft, how) => {
        for (const proof of draft.manifest.proofs.decryption) {
          if (how === 'one less') proof.decrypted -= 1;
          else if (how === 'none of them') proof.decrypted = 0;
          else if (how === 'nothing tried') proof.sampled = proof.decrypted = 0;
          else if (how === 'more than tried') proof.decrypted += 3;
          else proof.sampled = proof.decrypted = 1_000_000;
        }
      },
    },
    {
      id: 'decryption-others',
      what: 'a readable packet of two pods was found where a driven flow should be',
      on: IPSEC,
      turns: ['WIR-07'],
      edit: (draft) => {
        for (const proof of draft.manifest.proofs.decryption) {
          proof.others = ['192.0.2.1 > 192.0.2.2 tcp'];
          proof.flows = [];
        }
      },
    },
    {
      id: 'decryption-twice',
      what: 'one SA is proven twice and the other never',
      on: IPSEC,
      turns: ['WIR-07'],
      edit: (draft) => {
        const [first] = draft.manifest.proofs.decryption;
        if (first !== undefined) draft.manifest.proofs.decryption = [first, first];
      },
    },
    {
      id: 'derivation-few',
      what: 'the keys of a few SAs were derived and those of the others were not',
      on: ['ipsec-1.17'],
      variants: ['1', '2', '7'],
      turns: ['XFR-04'],
      edit: (draft, count) => {
        draft.manifest.proofs.derivation = draft.manifest.proofs.derivation.slice(0, Number(count));
      },
    },
    {
      id: 'derivation-none',
      what: 'no key was derived',
      on: IPSEC,
      turns: ['XFR-04'],
      edit: (draft) => {
        draft.manifest.proofs.derivation = [];
      },
    },
    {
      id: 'derivation-shared',
      what: 'SAs have the key of the Secret itself where a key for each tunnel is claimed',
      on: IPSEC,
      variants: ['all', 'one'],
      turns: ['XFR-04'],
      edit: (draft, which) => {
        const { derivation } = draft.manifest.proofs;
        for (const proof of which === 'all' ? derivation : derivation.slice(0, 1)) proof.derivation = 'shared';
      },
    },
    {
      id: 'derivation-unknown',
      what: 'the key of an SA could not be derived',
      on: IPSEC,
      turns: ['XFR-04'],
      edit: (draft) => {
        const [first] = draft.manifest.proofs.derivation;
        if (first === undefined) return;
        first.derivation = 'unknown';
        first.note = 'no boot id';
      },
    },
    {
      id: 'derivation-mismatch',
      what: 'the key of an SA is not the one that follows from the Secret',
      on: IPSEC,
      turns: ['XFR-04'],
      edit: (draft) => {
        const last = draft.manifest.proofs.derivation.at(-1);
        if (last !== undefined) last.matches = false;
      },
    },
    {
      id: 'derivation-elsewhere',
      what: 'the keys that were derived are those of SAs that no node has',
      on: ['ipsec-1.17'],
      variants: ['other addresses', 'other key id', 'other node'],
      turns: ['XFR-04'],
      edit: (draft, which) => {
        for (const proof of draft.manifest.proofs.derivation) {
          if (which === 'other addresses') proof.src = '192.0.2.7';
          else if (which === 'other key id') proof.spi = '0x00000009';
          else proof.node = 'node7';
        }
      },
    },
    {
      id: 'derivation-snapshot',
      what: 'keys were derived in one of the two readings only, and may have been replaced by the other',
      on: ['ipsec-1.17'],
      variants: ['before', 'after'],
      turns: ['XFR-04'],
      edit: (draft, snapshot) => {
        draft.manifest.proofs.derivation = draft.manifest.proofs.derivation.filter((proof) => proof.snapshot === snapshot);
      },
    },
    {
      id: 'derivation-node',
      what: 'no key of one node was derived',
      on: ['ipsec-1.17'],
      variants: ['node1', 'node2'],
      turns: ['XFR-04'],
      edit: (draft, node) => {
        draft.manifest.proofs.derivation = draft.manifest.proofs.derivation.filter((proof) => proof.node !== node);
      },
    },
    {
      id: 'derivation-twice',
      what: 'the key of one SA is proven many times and those of the others never',
      on: IPSEC,
      turns: ['XFR-04'],
      edit: (draft) => {
        const { derivation } = draft.manifest.proofs;
        const [first] = derivation;
        if (first !== undefined) draft.manifest.proofs.derivation = derivation.map(() => first);
      },
    },
    {
      id: 'key-patterns',
      what: 'what the recorder said of the look of the keys is gone, or does not name them',
      on: ['ipsec-1.17'],
      variants: ['gone', 'empty', 'damaged'],
      turns: ['CFG-09'],
      edit: (draft, how) => {
        if (how === 'gone') draft.remove(KEY_PATTERNS_FILE);
        else draft.write(KEY_PATTERNS_FILE, how === 'empty' ? '{"schema":1,"keys":{}}' : '{"schema":1,');
      },
    },
  ],
};
