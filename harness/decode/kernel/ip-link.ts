import type { Decoded, UnparsedLine } from '../decoded.ts';
import type { IpLink } from './ip-items.ts';
import { isObject, type JsonObject, looksLikeJson, number, objects, parseJson, strings, text as textOf, unparsedValue } from './json.ts';
import { allUnparsed, type Draft, iprouteLines, unparsedLine } from './lines.ts';

const HEAD = /^(\d+): ([^\s@:]+)(?:@([^\s:]+))?: <([^>]*)> mtu (\d+)(.*)$/;
const KIND =
  /^(veth|dummy|vxlan|geneve|wireguard|bridge|vlan|vrf|xfrm|vti6?|ipip|sit|gre|gretap|ip6gre|ip6tnl|ip6ip6|erspan|tun|macvlan|ipvlan|macvtap|bond|team|ifb|netkit|nlmon|vcan|loopback)\b/;
const OTHER = /^(?:valid_lft |alias |altname |vf \d|prog\/|RX:|TX:|RX |TX |\d+ \d+ \d+|promiscuity |bridge_slave |tun |addrgenmode )/;

/** Read one line of an interface; false when it is not understood. */
function readDetail(link: Draft<IpLink>, words: string): boolean {
  const mac = /^link\/(\S+)(?: ([0-9a-f:.]+))?/.exec(words);
  if (mac !== null) {
    if (mac[2] !== undefined) link.mac = mac[2];
    return true;
  }
  const address = /^inet6? (\S+)/.exec(words);
  if (address !== null) {
    // `inet A peer B/32`: the prefix belongs to the peer, A is a host.
    link.addresses.push(address[1] ?? '');
    return true;
  }
  const kind = KIND.exec(words);
  if (kind !== null) {
    link.kind = kind[1] ?? '';
    return true;
  }
  return OTHER.test(words);
}

function decodeObject(object: JsonObject): IpLink | undefined {
  const name = textOf(object, 'ifname');
  const mtu = number(object, 'mtu');
  if (name === undefined || mtu === undefined) return undefined;
  const link: Draft<IpLink> = { name, mtu, flags: strings(object.flags), addresses: [] };
  const info = object.linkinfo;
  const kind = isObject(info) ? textOf(info, 'info_kind') : undefined;
  const [index, peer, state, mac] = [
    number(object, 'ifindex'),
    textOf(object, 'link'),
    textOf(object, 'operstate'),
    textOf(object, 'address'),
  ];
  if (index !== undefined) link.index = index;
  if (peer !== undefined) link.peer = peer;
  if (state !== undefined) link.state = state;
  if (kind !== undefined) link.kind = kind;
  if (mac !== undefined) link.mac = mac;
  for (const address of objects(object.addr_info)) {
    const local = textOf(address, 'local');
    if (local !== undefined) link.addresses.push(`${local}/${textOf(address, 'prefixlen') ?? ''}`);
  }
  return link;
}

function decodeJson(text: string): Decoded<IpLink> {
  const value = parseJson(text);
  if (!Array.isArray(value)) return { items: [], unparsed: allUnparsed(text) };
  const items: IpLink[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const entry of value as unknown[]) {
    if (isObject(entry) && Object.keys(entry).length === 0) continue;
    const link = isObject(entry) ? decodeObject(entry) : undefined;
    if (link === undefined) unparsed.push(unparsedValue(entry));
    else items.push(link);
  }
  return { items, unparsed };
}

/** Reads `ip [-d] [-s] link` and `ip addr`, text and `-j`. Never throws. */
export function decodeIpLink(text: string): Decoded<IpLink> {
  if (looksLikeJson(text)) return decodeJson(text);
  const items: Draft<IpLink>[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of iprouteLines(text)) {
    const head = HEAD.exec(line.words);
    const current = items.at(-1);
    if (head !== null) {
      const link: Draft<IpLink> = {
        name: head[2] ?? '',
        index: Number(head[1]),
        mtu: Number(head[5]),
        flags: (head[4] ?? '').split(',').filter((flag) => flag !== ''),
        addresses: [],
      };
      if (head[3] !== undefined) link.peer = head[3];
      const state = /\bstate (\S+)/.exec(head[6] ?? '');
      if (state !== null) link.state = state[1] ?? '';
      items.push(link);
    } else if (current === undefined || !readDetail(current, line.words)) unparsed.push(unparsedLine(line.line, line.text));
  }
  return { items, unparsed };
}
