import { LINK_CONTROL_TYPES } from './link-control.ts';

/** The next step of the dissection; layer paths consist of them. `DONE` ends the dissection. */
export const Layer = {
  DONE: 0,
  ETHERNET: 1,
  VLAN: 2,
  SLL: 3,
  SLL2: 4,
  NULL: 5,
  RAW_IP: 6,
  ARP: 7,
  LINK_CONTROL: 8,
  LLC: 9,
  IPV4: 10,
  IPV6: 11,
  IPV6_EXTENSION: 12,
  FRAGMENT: 13,
  AH: 14,
  ESP: 15,
  UDP: 16,
  TCP: 17,
  SCTP: 18,
  ICMP: 19,
  ICMPV6: 20,
  IGMP: 21,
  VXLAN: 22,
  GENEVE: 23,
  GRE: 24,
  WIREGUARD: 25,
  IKE: 26,
  TLS: 27,
  NAT_KEEPALIVE: 28,
  OTHER: 29,
  UNKNOWN: 30,
  MPLS: 31,
  PPPOE: 32,
  ERSPAN: 33,
  ETHERIP: 34,
  VXLAN_GPE: 35,
  GTP: 36,
  GUE: 37,
} as const;

/** A step of the dissection. */
export type Layer = (typeof Layer)[keyof typeof Layer];

/** Names in `FlowAccount.layers`, by code. */
export const LAYER_NAMES: readonly string[] = [
  '', 'eth', 'vlan', 'sll', 'sll2', 'null', 'raw', 'arp', 'link-control', 'llc', 'ipv4', 'ipv6', 'ipv6-ext', 'fragment', 'ah', 'esp',
  'udp', 'tcp', 'sctp', 'icmp', 'icmpv6', 'igmp', 'vxlan', 'geneve', 'gre', 'wireguard', 'ike', 'tls', 'nat-keepalive', 'other', 'unknown',
  'mpls', 'pppoe', 'erspan', 'etherip', 'vxlan-gpe', 'gtp', 'gue',
]; // biome-ignore format: a table reads best in rows

/** Most different paths of layers; any further one is named `other`. */
export const MAX_LAYER_PATHS = 4096;

/** Room for the layers that may follow a path, a power of two above their number. */
const CHILDREN = 64;

/** A path of layers as another one and a layer behind it. */
export type PathStep = readonly [parent: number, layer: Layer];

/** Stores layer paths as small numbers, so that a frame needs no new string. Path 0 is the empty one. */
export class LayerPaths {
  /** Children of each path by layer, in one array; 0 is a child that is not known yet. */
  #next = new Uint16Array(CHILDREN * 64);
  readonly #names: string[] = [''];
  /** How each path but the empty one was made, in the order of their numbers from 1. */
  readonly steps: PathStep[] = [];

  /** The path `parent` with `layer` appended. */
  append(parent: number, layer: Layer): number {
    const known = this.#next[parent * CHILDREN + layer]!;
    return known !== 0 ? known : this.#add(parent, layer);
  }

  #add(parent: number, layer: Layer): number {
    const id = this.#names.length;
    if (id >= MAX_LAYER_PATHS) return MAX_LAYER_PATHS - 1;
    const name = LAYER_NAMES[layer]!;
    this.#names.push(id === MAX_LAYER_PATHS - 1 ? 'other' : parent === 0 ? name : `${this.#names[parent]}/${name}`);
    if ((id + 1) * CHILDREN > this.#next.length) {
      const larger = new Uint16Array(this.#next.length * 2);
      larger.set(this.#next);
      this.#next = larger;
    }
    this.#next[parent * CHILDREN + layer] = id;
    this.steps.push([parent, layer]);
    return id;
  }

  /**
   * The numbers here of the paths of another table, by their numbers there; null if the bound of this table may be reached, beyond which a
   * name depends on the order of the frames.
   */
  numbersOf(steps: readonly PathStep[]): readonly number[] | null {
    if (this.#names.length + steps.length >= MAX_LAYER_PATHS) return null;
    const numbers = [0];
    for (const [parent, layer] of steps) numbers.push(this.append(numbers[parent]!, layer));
    return numbers;
  }

  name(path: number): string {
    return this.#names[path]!;
  }
}

/** Layer of an EtherType (IEEE 802 numbers). */
export function etherTypeLayer(type: number): Layer {
  switch (type) {
    case 0x0800:
      return Layer.IPV4;
    case 0x86dd:
      return Layer.IPV6;
    case 0x0806:
      return Layer.ARP;
    case 0x8100:
    case 0x88a8:
    case 0x9100:
      return Layer.VLAN;
    case 0x8847:
    case 0x8848:
      return Layer.MPLS;
    case 0x8864:
      return Layer.PPPOE;
    default:
      if (LINK_CONTROL_TYPES.has(type)) return Layer.LINK_CONTROL;
      return type <= 1500 ? Layer.LLC : Layer.UNKNOWN;
  }
}

/** Layer of an IP protocol number; `family` 4 or 6 is that of the IP header. */
export function ipProtocolLayer(protocol: number, family: number): Layer {
  switch (protocol) {
    case 6:
      return Layer.TCP;
    case 17:
      return Layer.UDP;
    case 1:
      return family === 4 ? Layer.ICMP : Layer.OTHER;
    case 58:
      return family === 6 ? Layer.ICMPV6 : Layer.OTHER;
    case 2:
      return family === 4 ? Layer.IGMP : Layer.OTHER;
    case 4:
      return Layer.IPV4;
    case 41:
      return Layer.IPV6;
    case 47:
      return Layer.GRE;
    case 50:
      return Layer.ESP;
    case 51:
      return Layer.AH;
    case 97:
      return Layer.ETHERIP;
    case 132:
      return Layer.SCTP;
    case 137:
      return Layer.MPLS;
    case 0:
    case 43:
    case 44:
    case 60:
    case 135:
    case 139:
    case 140:
      return family === 6 ? Layer.IPV6_EXTENSION : Layer.OTHER;
    default:
      return Layer.OTHER;
  }
}

/** Name of an IP protocol in flows; the number if it has no common name. */
export function protocolName(protocol: number): string {
  return PROTOCOL_NAMES.get(protocol) ?? String(protocol);
}

const PROTOCOL_NAMES = new Map([
  [0, 'hopopt'],
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipip'],
  [6, 'tcp'],
  [17, 'udp'],
  [41, 'ipv6'],
  [43, 'ipv6-route'],
  [44, 'ipv6-frag'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'icmpv6'],
  [59, 'ipv6-nonxt'],
  [60, 'ipv6-opts'],
  [89, 'ospf'],
  [97, 'etherip'],
  [103, 'pim'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
  [137, 'mpls-in-ip'],
]);
