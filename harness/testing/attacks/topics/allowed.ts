import type { AllowedTraffic } from '../../../model/allowed-traffic.ts';
import { espPacket, ethernetFrame } from '../../packets.ts';
import { NODE1, NODE2 } from '../../two-nodes.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addBlock } from '../blocks.ts';
import { addTunnel } from '../variations.ts';
import { between, datagram, inTunnel, onTheWire, podPacket } from '../wire-packets.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const ANSWER = { reason: 'storage replication', owner: 'storage team' };
const ESP_IN_UDP: AllowedTraffic = { protocol: 'udp', port: 4500, ...ANSWER };

/** Frames that no entry may excuse, with the entry that seems to. */
const EXCUSES: Readonly<Record<string, readonly [AllowedTraffic, () => Uint8Array]>> = {
  'a packet of pods, bare': [{ protocol: 'udp', ...ANSWER }, () => ethernetFrame(podPacket())],
  'a packet of pods in the tunnel': [{ protocol: 'udp', ...ANSWER }, () => inTunnel(podPacket())],
  'a packet of pods in UDP': [{ protocol: 'udp', port: 4500, ...ANSWER }, () => datagram(4500, podPacket(), 4500)],
  'ESP in UDP to another address': [{ ...ESP_IN_UDP, address: '172.18.0.77' }, () => datagram(4500, espPacket(0xbeef, 9), 4500)],
  'ESP in UDP on another port': [{ ...ESP_IN_UDP, port: 4501 }, () => datagram(4500, espPacket(0xbeef, 9), 4500)],
  'ESP in UDP, and ESP is allowed': [{ protocol: 'esp', ...ANSWER }, () => datagram(4500, espPacket(0xbeef, 9), 4500)],
};

export const allowed: AttackTopic = {
  topic: 'allowed',
  root: 'what somebody answers for excuses more than it names',
  manipulations: [
    {
      id: 'frame',
      what: 'a frame between the nodes is none of what the intent allows, or is a packet of two pods',
      on: BOTH,
      variants: Object.keys(EXCUSES),
      turns: ['WIR-01'],
      edit: (draft, name) => {
        const [entry, frame] = EXCUSES[name] ?? [];
        if (entry === undefined || frame === undefined) throw new RangeError(`there is no frame ${name}`);
        draft.manifest.intent.allow = [{ ...entry }];
        onTheWire(draft, frame());
      },
    },
    {
      id: 'esp-by-number',
      what: 'ESP in UDP is allowed, and ESP by itself of the same SPI, which no kernel has, is on the wire too',
      on: ['ipsec-1.17'],
      turns: ['WIR-06', 'WIR-07'],
      edit: (draft) => {
        draft.manifest.intent.allow = [{ ...ESP_IN_UDP }];
        onTheWire(draft, datagram(4500, espPacket(0xbeef, 9), 4500), between(50, espPacket(0xbeef, 10)));
      },
    },
    {
      id: 'unproven',
      what: 'ESP in UDP is allowed, one frame of it has the SPI of the claim, and no frame of that SA was decrypted',
      on: ['ipsec-1.17'],
      turns: ['WIR-07'],
      edit: (draft) => {
        draft.manifest.intent.allow = [{ ...ESP_IN_UDP }];
        onTheWire(draft, datagram(4500, espPacket(3, 9), 4500));
        const { proofs } = draft.manifest;
        proofs.decryption = proofs.decryption.slice(1);
      },
    },
    {
      id: 'tunnel',
      what: 'two nodes have an IPsec tunnel beside WireGuard, and the intent allows another one, or none',
      on: ['wireguard'],
      variants: ['nothing', 'another address', 'another protocol'],
      turns: ['XFR-11'],
      edit: (draft, what) => {
        const entry = what === 'another address' ? { protocol: 'esp', address: '172.18.0.77' } : { protocol: 'udp', port: 4500 };
        if (what !== 'nothing') draft.manifest.intent.allow = [{ ...entry, ...ANSWER }];
        addTunnel(draft, NODE2, `${NODE2}/32`);
      },
    },
    {
      id: 'policy',
      what: 'an IPsec tunnel of two nodes is allowed, and a policy is left that does not lead to it',
      on: ['wireguard'],
      variants: ['block', 'without a template', 'to an SA of nobody', 'a part of it'],
      turns: ['XFR-11'],
      edit: (draft, what) => {
        draft.manifest.intent.allow = [{ protocol: 'esp', address: NODE1, ...ANSWER }];
        addTunnel(draft, NODE2, `${NODE2}/32`);
        const template = (dst: string): string => `\n\ttmpl src ${NODE1} dst ${dst}\n\t\tproto esp spi 0xc0ffee01 reqid 9 mode tunnel`;
        const [action, templates] = {
          block: [' action block', ''],
          'without a template': ['', ''],
          'to an SA of nobody': ['', template('172.18.0.77')],
          'a part of it': ['', `${template(NODE2)}${template('172.18.0.77')}`],
        }[what] ?? ['', ''];
        draft.output(
          { node: 'node1', collector: 'xfrm-policy' },
          addBlock(`src 10.0.1.0/24 dst 10.0.2.0/24 \n\tdir out${action} priority 0 ptype main${templates}`),
        );
      },
    },
  ],
};
