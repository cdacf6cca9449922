import { u16, u32 } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';
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
  // A SYN takes one number itself.
  f.tcpSeq = (u32(b, at + 4) + ((b[at + 13]! & 2) >> 1)) >>> 0;
  f.at = f.payloadAt = at + header;
  if (!isTlsRecord(f, f.at)) return f.finish(Class.CLEAR);
  f.enter(Layer.TLS);
  return f.finish(Class.TLS);
}

/** SCTP common header; the association is in the clear whatever the chunks are. */
export function sctp(f: Frame): Layer {
  f.enter(Layer.SCTP);
  if (!f.need(12)) return Layer.DONE;
  f.sourcePort = u16(f.buffer, f.at);
  f.destinationPort = u16(f.buffer, f.at + 2);
  f.payloadAt = f.at + 12;
  return f.finish(Class.CLEAR);
}

/** ICMP: an error quotes a packet, which is then in the clear as well; nothing below is looked into. */
export function icmp(f: Frame): Layer {
  f.enter(Layer.ICMP);
  if (!f.need(8)) return Layer.DONE;
  f.payloadAt = f.at + 8;
  return f.finish(Class.CLEAR);
}

/**
 * ICMPv6. Neighbour discovery (hop limit 255, which no router lets through) and listener discovery (hop limit 1) are control;
 * with any other hop limit they are not what they say and count as clear.
 */
export function icmpv6(f: Frame): Layer {
  f.enter(Layer.ICMPV6);
  if (!f.need(4)) return Layer.DONE;
  const type = f.buffer[f.at]!;
  f.payloadAt = Math.min(f.at + 8, f.end);
  if (type >= 133 && type <= 137 && f.hopLimit === 255) return f.finish(Class.CONTROL);
  if (((type >= 130 && type <= 132) || type === 143) && f.hopLimit === 1) return f.finish(Class.CONTROL);
  if (!f.need(8)) return Layer.DONE;
  return f.finish(Class.CLEAR);
}

/** IGMP with time to live 1: membership housekeeping of the link. */
export function igmp(f: Frame): Layer {
  f.enter(Layer.IGMP);
  if (!f.need(8)) return Layer.DONE;
  return f.finish(f.hopLimit === 1 ? Class.CONTROL : Class.CLEAR);
}
