import { u16, u32 } from './bytes.ts';
import { type Frame, INNER } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';
import { isIgmp, isListenerDiscovery, isNeighbourDiscovery } from './neighbour.ts';
import { isTlsRecord } from './tls.ts';

/** TCP header with options; the payload may begin with a TLS record. */
export function tcp(f: Frame): Layer {
  f.enter(Layer.TCP);
  if (!f.need(20)) return Layer.DONE;
  const b = f.buffer;
  const at = f.at;
  f.sourcePort = u16(b, at);
  f.destinationPort = u16(b, at + 2);
  const header = (b[at + 12]! >> 4) * 4;
  if (header < 20) return f.finish(Class.MALFORMED);
  if (!f.need(header)) return Layer.DONE;
  f.flags = b[at + 13]!;
  // A SYN uses one sequence number.
  f.tcpSeq = (u32(b, at + 4) + ((b[at + 13]! & 2) >> 1)) >>> 0;
  f.at = f.payloadAt = at + header;
  if (!isTlsRecord(f, f.at)) return f.finish(Class.CLEAR);
  f.enter(Layer.TLS);
  return f.finish(Class.TLS);
}

/** SCTP common header; the association is in the clear with any chunks. */
export function sctp(f: Frame): Layer {
  f.enter(Layer.SCTP);
  if (!f.need(12)) return Layer.DONE;
  f.sourcePort = u16(f.buffer, f.at);
  f.destinationPort = u16(f.buffer, f.at + 2);
  f.payloadAt = f.at + 12;
  return f.finish(Class.CLEAR);
}

/** ICMP: an error quotes a packet, which is then in the clear too; the content is not dissected. */
export function icmp(f: Frame): Layer {
  f.enter(Layer.ICMP);
  if (!f.need(8)) return Layer.DONE;
  f.payloadAt = f.at + 8;
  return f.finish(Class.CLEAR);
}

/**
 * ICMPv6. Neighbour discovery (hop limit 255, which no router forwards) and listener discovery (hop limit 1, to a group) are control when
 * they contain nothing else; with other content or another hop limit they count as clear.
 */
export function icmpv6(f: Frame): Layer {
  f.enter(Layer.ICMPV6);
  if (!f.need(4)) return Layer.DONE;
  const b = f.buffer;
  const type = b[f.at]!;
  f.payloadAt = Math.min(f.at + 8, f.end);
  const whole = f.end === f.limit;
  if (type >= 133 && type <= 137 && f.hopLimit === 255 && whole && isNeighbourDiscovery(b, f.at, f.end)) return f.finish(Class.CONTROL);
  if (isListener(type) && f.hopLimit === 1 && isGroup(f) && whole && isListenerDiscovery(b, f.at, f.end)) return f.finish(Class.CONTROL);
  if (!f.need(8)) return Layer.DONE;
  return f.finish(Class.CLEAR);
}

/** IGMP with time to live 1 to a group: membership of groups on the link. */
export function igmp(f: Frame): Layer {
  f.enter(Layer.IGMP);
  if (!f.need(8)) return Layer.DONE;
  const control = f.hopLimit === 1 && isGroup(f) && f.end === f.limit && isIgmp(f.buffer, f.at, f.end);
  return f.finish(control ? Class.CONTROL : Class.CLEAR);
}

function isListener(type: number): boolean {
  return (type >= 130 && type <= 132) || type === 143;
}

/** The innermost destination is a multicast group. */
function isGroup({ family, words }: Frame): boolean {
  const first = words[INNER + 4]!;
  return family === 4 ? first >>> 28 === 14 : first >>> 24 === 255;
}
