import { u16, u32 } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';

/** Bottom of an MPLS label stack (RFC 3032 §2.1). */
const BOTTOM = 0x100;
/** GTP-U: version 1, protocol type GTP; message type of a user packet. */
const GTP_VERSION_MASK = 0xf0;
const GTP_USER_PACKET = 255;
/** Next protocols of VXLAN-GPE (RFC 9512 keeps the draft's numbers). */
const GPE_LAYERS: readonly Layer[] = [Layer.UNKNOWN, Layer.IPV4, Layer.IPV6, Layer.ETHERNET];
/** PPP protocol numbers of IPv4 and IPv6 (RFC 1332, 5072). */
const PPP_LAYERS: ReadonlyMap<number, Layer> = new Map([
  [0x0021, Layer.IPV4],
  [0x0057, Layer.IPV6],
]);

/** Skip a header of `length` bytes. False when it is not complete; the class says why. */
function pass(f: Frame, length: number): boolean {
  if (!f.need(length)) return false;
  f.at += length;
  f.payloadAt = f.at;
  return true;
}

/** An IP packet by its version; anything else is unknown. */
function bareIp(f: Frame): Layer {
  if (!f.need(1)) return Layer.DONE;
  const version = f.buffer[f.at]! >> 4;
  return version === 4 ? Layer.IPV4 : version === 6 ? Layer.IPV6 : Layer.UNKNOWN;
}

/** MPLS label stack; below it IP by its version, or Ethernet after a pseudowire's control word (RFC 4385 §3). */
export function mpls(f: Frame): Layer {
  f.enter(Layer.MPLS);
  for (let last = false; !last; ) {
    if (!f.need(4)) return Layer.DONE;
    last = (u32(f.buffer, f.at) & BOTTOM) !== 0;
    pass(f, 4);
  }
  if (!f.need(1)) return Layer.DONE;
  if (f.buffer[f.at]! >> 4 !== 0) return bareIp(f);
  return pass(f, 4) ? Layer.ETHERNET : Layer.DONE;
}

/** PPPoE session (RFC 2516 §5) with PPP in it. */
export function pppoe(f: Frame): Layer {
  f.enter(Layer.PPPOE);
  if (!f.need(8)) return Layer.DONE;
  const b = f.buffer;
  if (b[f.at] !== 0x11 || b[f.at + 1] !== 0) return Layer.UNKNOWN;
  const layer = PPP_LAYERS.get(u16(b, f.at + 6)) ?? Layer.UNKNOWN;
  pass(f, 8);
  return layer;
}

/** ERSPAN of type II (8 bytes), and III (12 bytes, 8 more with the O flag); always Ethernet inside (draft-foschiano-erspan). */
export function erspan(f: Frame): Layer {
  f.enter(Layer.ERSPAN);
  if (!f.need(8)) return Layer.DONE;
  const version = f.buffer[f.at]! >> 4;
  if (version === 1) return pass(f, 8) ? Layer.ETHERNET : Layer.DONE;
  if (version !== 2 || !f.need(12)) return f.finish(Class.UNKNOWN);
  return pass(f, (f.buffer[f.at + 11]! & 1) === 0 ? 12 : 20) ? Layer.ETHERNET : Layer.DONE;
}

/** EtherIP (RFC 3378): version 3, then Ethernet. */
export function etherIp(f: Frame): Layer {
  if (!f.need(2)) return Layer.DONE;
  if (u16(f.buffer, f.at) !== 0x3000) return f.finish(Class.CLEAR);
  f.enter(Layer.ETHERIP);
  return pass(f, 2) ? Layer.ETHERNET : Layer.DONE;
}

/** Whether the UDP payload is VXLAN-GPE with a next protocol that is read. */
export function isVxlanGpe(f: Frame): boolean {
  return f.end - f.at >= 8 && (f.buffer[f.at]! & 0x0c) === 0x0c && GPE_LAYERS[f.buffer[f.at + 3]!] !== undefined;
}

/** VXLAN-GPE. */
export function vxlanGpe(f: Frame): Layer {
  f.enter(Layer.VXLAN_GPE);
  const layer = GPE_LAYERS[f.buffer[f.at + 3]!] ?? Layer.UNKNOWN;
  return pass(f, 8) ? layer : Layer.DONE;
}

/** Whether the UDP payload is a user packet of GTP-U (3GPP TS 29.281 §5.1). */
export function isGtp(f: Frame): boolean {
  const b = f.buffer;
  if (f.end - f.at < 8 || (b[f.at]! & GTP_VERSION_MASK) !== 0x30 || b[f.at + 1] !== GTP_USER_PACKET) return false;
  return u16(b, f.at + 2) === f.limit - f.at - 8 || f.fragmented;
}

/** GTP-U with its optional fields and extension headers. */
export function gtp(f: Frame): Layer {
  f.enter(Layer.GTP);
  const flags = f.buffer[f.at]! & 7;
  if (!pass(f, 8)) return Layer.DONE;
  if (flags === 0) return bareIp(f);
  if (!pass(f, 4)) return Layer.DONE;
  for (let next = (flags & 4) === 0 ? 0 : f.buffer[f.at - 1]!; next !== 0; ) {
    if (!f.need(1)) return Layer.DONE;
    const length = f.buffer[f.at]! * 4;
    if (length === 0) return f.finish(Class.MALFORMED);
    if (!pass(f, length)) return Layer.DONE;
    next = f.buffer[f.at - 1]!;
  }
  return bareIp(f);
}

/** Whether the UDP payload is GUE (draft-ietf-intarea-gue §3) that carries IP: after a header of variant 0, or directly. */
export function isGue(f: Frame): boolean {
  const b = f.buffer;
  if (f.end - f.at < 4) return false;
  const first = b[f.at]!;
  if (first >> 6 === 1) return isIpAt(f, f.at);
  const [protocol, inner] = [b[f.at + 1]!, f.at + 4 + (first & 0x1f) * 4];
  return (first & 0xe0) === 0 && (protocol === 4 || protocol === 41) && isIpAt(f, inner);
}

/** Whether an IP packet with a possible length begins at `at`. */
function isIpAt(f: Frame, at: number): boolean {
  if (at + 8 > f.end) return false;
  const version = f.buffer[at]! >> 4;
  const length = version === 4 ? u16(f.buffer, at + 2) : version === 6 ? 40 + u16(f.buffer, at + 4) : 0;
  return length >= 20 && (length <= f.limit - at || f.fragmented);
}

/** Whether the UDP payload is a label stack with IP or a control word below it (RFC 7510). */
export function isMpls(f: Frame): boolean {
  for (let at = f.at; at + 4 < f.end; at += 4)
    if ((u32(f.buffer, at) & BOTTOM) !== 0) return isIpAt(f, at + 4) || u32(f.buffer, at + 4) >>> 28 === 0;
  return false;
}

/** GUE. */
export function gue(f: Frame): Layer {
  f.enter(Layer.GUE);
  const first = f.buffer[f.at]!;
  if (first >> 6 === 1) return bareIp(f);
  return pass(f, 4 + (first & 0x1f) * 4) ? bareIp(f) : Layer.DONE;
}
