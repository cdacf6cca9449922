import { u16 } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';
import { typed } from './link.ts';

/** EtherType of a bridged Ethernet frame in Geneve and GRE. */
const TRANSPARENT_ETHERNET = 0x6558;

function inner(f: Frame, type: number): Layer {
  return type === TRANSPARENT_ETHERNET ? Layer.ETHERNET : type > 1500 ? typed(f, type) : Layer.UNKNOWN;
}

/** VXLAN header (RFC 7348), always Ethernet inside. */
export function vxlan(f: Frame): Layer {
  f.enter(Layer.VXLAN);
  if (!f.need(8)) return Layer.DONE;
  f.at += 8;
  f.payloadAt = f.at;
  return Layer.ETHERNET;
}

/** Geneve header with options (RFC 8926). */
export function geneve(f: Frame): Layer {
  f.enter(Layer.GENEVE);
  if (!f.need(8)) return Layer.DONE;
  const header = 8 + (f.buffer[f.at]! & 0x3f) * 4;
  const type = u16(f.buffer, f.at + 2);
  if (!f.need(header)) return Layer.DONE;
  f.at += header;
  f.payloadAt = f.at;
  return inner(f, type);
}

/** ERSPAN's types: II, or I without a sequence number; and III. */
const ERSPAN = 0x88be;
const ERSPAN_III = 0x22eb;

/** GRE version 0 with checksum, key and sequence number (RFC 2784, 2890). Routing (RFC 1701) and version 1 are not read. */
export function gre(f: Frame): Layer {
  f.enter(Layer.GRE);
  if (!f.need(4)) return Layer.DONE;
  const flags = u16(f.buffer, f.at);
  const type = u16(f.buffer, f.at + 2);
  if ((flags & 0x4007) !== 0) return f.finish(Class.UNKNOWN);
  const header = 4 + ((flags & 0x8000) !== 0 ? 4 : 0) + ((flags & 0x2000) !== 0 ? 4 : 0) + ((flags & 0x1000) !== 0 ? 4 : 0);
  if (!f.need(header)) return Layer.DONE;
  f.at += header;
  f.payloadAt = f.at;
  if (type === ERSPAN) return (flags & 0x1000) === 0 ? Layer.ETHERNET : Layer.ERSPAN;
  if (type === ERSPAN_III) return Layer.ERSPAN;
  return inner(f, type);
}
