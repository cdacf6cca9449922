import { u16, u32, u32le } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { etherTypeLayer, Layer } from './layer.ts';
import { isCiscoControl, isLinkControl, isSpanningTree } from './link-control.ts';

/** Ethernet's minimum payload, and a check sequence that the capture kept. */
const ARP_MOST = 46 + 4;

/** First layer of a LINKTYPE_ value; `UNKNOWN` for one that is not read. */
export function linkLayer(linkType: number): Layer {
  switch (linkType) {
    case 1:
      return Layer.ETHERNET;
    case 113:
      return Layer.SLL;
    case 276:
      return Layer.SLL2;
    case 12:
    case 14:
    case 101:
      return Layer.RAW_IP;
    case 228:
      return Layer.IPV4;
    case 229:
      return Layer.IPV6;
    case 0:
    case 108:
      return Layer.NULL;
    default:
      return Layer.UNKNOWN;
  }
}

/** Ethernet II or 802.3. */
export function ethernet(f: Frame): Layer {
  f.enter(Layer.ETHERNET);
  if (!f.need(14)) return Layer.DONE;
  f.at += 14;
  return typed(f, u16(f.buffer, f.at - 2));
}

/** One 802.1Q or 802.1ad tag. */
export function vlan(f: Frame): Layer {
  f.enter(Layer.VLAN);
  if (!f.need(4)) return Layer.DONE;
  f.at += 4;
  return typed(f, u16(f.buffer, f.at - 2));
}

/** Linux cooked capture v1 (16 bytes, protocol last) and v2 (20 bytes, protocol first). */
export function cooked(f: Frame, version: 1 | 2): Layer {
  f.enter(version === 1 ? Layer.SLL : Layer.SLL2);
  const header = version === 1 ? 16 : 20;
  if (!f.need(header)) return Layer.DONE;
  const protocol = u16(f.buffer, version === 1 ? f.at + 14 : f.at);
  f.at += header;
  // 1 is raw 802.3, 4 is 802.2: the kernel's own numbers, below any EtherType.
  return typed(f, protocol === 4 ? 0 : protocol === 1 ? 0xffff : protocol);
}

/** The layer of an EtherType, which is stored in the frame. */
export function typed(f: Frame, etherType: number): Layer {
  f.typeNumber = etherType;
  return etherTypeLayer(etherType);
}

/** Link control, judged by its content and not by the EtherType alone. */
export function linkControl(f: Frame): Layer {
  if (!isLinkControl(f.typeNumber, f.buffer, f.at, f.end)) return Layer.UNKNOWN;
  f.enter(Layer.LINK_CONTROL);
  return f.finish(Class.CONTROL);
}

/** BSD loopback: the address family in four bytes, in the byte order of the machine that captured. */
export function nullLoopback(f: Frame): Layer {
  f.enter(Layer.NULL);
  if (!f.need(4)) return Layer.DONE;
  const family = Math.min(u32(f.buffer, f.at), u32le(f.buffer, f.at));
  f.at += 4;
  if (family === 2) return Layer.IPV4;
  return family === 10 || family === 24 || family === 28 || family === 30 ? Layer.IPV6 : Layer.UNKNOWN;
}

/** An IP packet without link header; its version field decides the family. */
export function rawIp(f: Frame): Layer {
  if (!f.need(1)) return Layer.DONE;
  const version = f.buffer[f.at]! >> 4;
  if (version === 4) return Layer.IPV4;
  return version === 6 ? Layer.IPV6 : Layer.UNKNOWN;
}

/** ARP (RFC 826, 5227) of Ethernet and IPv4: a request or an answer of 28 bytes, and padding to the minimum length of a frame. */
export function arp(f: Frame): Layer {
  f.enter(Layer.ARP);
  if (!f.need(28)) return Layer.DONE;
  const b = f.buffer;
  const operation = u16(b, f.at + 6);
  const known = u32(b, f.at) === 0x0001_0800 && u16(b, f.at + 4) === 0x0604 && operation >= 1 && operation <= 10;
  return f.finish(known && f.limit - f.at <= ARP_MOST ? Class.CONTROL : Class.UNKNOWN);
}

/** 802.2: spanning tree is control, SNAP carries an EtherType or a vendor's protocol. */
export function llc(f: Frame): Layer {
  f.enter(Layer.LLC);
  if (!f.need(3)) return Layer.DONE;
  const sap = u16(f.buffer, f.at);
  if (sap === 0x4242) return f.finish(isSpanningTree(f.buffer, f.at + 3, f.end) ? Class.CONTROL : Class.UNKNOWN);
  if (sap !== 0xaaaa) return f.finish(Class.UNKNOWN);
  if (!f.need(8)) return Layer.DONE;
  const organisation = u32(f.buffer, f.at + 2) & 0xffffff;
  const type = u16(f.buffer, f.at + 6);
  f.at += 8;
  // Cisco's CDP, VTP, PVST+ have Cisco's organisation code.
  if (organisation === 0x00000c && isCiscoControl(type, f.buffer, f.at, f.end)) {
    f.enter(Layer.LINK_CONTROL);
    return f.finish(Class.CONTROL);
  }
  return organisation === 0 && type > 1500 ? typed(f, type) : Layer.UNKNOWN;
}
