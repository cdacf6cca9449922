import { u16, u32 } from './bytes.ts';
import type { FragmentTable } from './fragments.ts';
import { pieceOf } from './fragments.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { fragment } from './ipv4.ts';
import { ipProtocolLayer, Layer } from './layer.ts';

const NO_NEXT_HEADER = 59;
const FRAGMENT_HEADER = 44;

/** IPv6 header; payload length 0 is a jumbogram (BIG TCP): to the end. */
export function ipv6(f: Frame): Layer {
  f.enter(Layer.IPV6);
  if (!f.need(40)) return Layer.DONE;
  const b = f.buffer;
  const at = f.at;
  if (b[at]! >> 4 !== 6) return f.finish(Class.MALFORMED);
  const length = u16(b, at + 4);
  if (length !== 0 && !f.narrow(40 + length)) return f.finish(Class.MALFORMED);
  f.noteAddresses(6, at + 8);
  f.protocolNumber = b[at + 6]!;
  f.hopLimit = b[at + 7]!;
  f.at = f.payloadAt = at + 40;
  return ipProtocolLayer(f.protocolNumber, 6);
}

/** One extension header of the kind `protocolNumber`: hop-by-hop, routing, destination, mobility, HIP, shim6 or fragment. */
export function ipv6Extension(f: Frame, fragments: FragmentTable): Layer {
  if (!f.need(8)) return Layer.DONE;
  const b = f.buffer;
  const at = f.at;
  const next = b[at]!;
  if (f.protocolNumber === FRAGMENT_HEADER) {
    const offset = u16(b, at + 2);
    f.at = f.payloadAt = at + 8;
    f.protocolNumber = next;
    // Offset 0 without more fragments is an atomic fragment (RFC 6946): a whole packet.
    if ((offset & 0xfff9) === 0) return ipProtocolLayer(next, 6);
    return fragment(f, fragments, pieceOf(f, offset & 0xfff8, (offset & 1) !== 0), u32(b, at + 4), ipProtocolLayer(next, 6));
  }
  const length = (b[at + 1]! + 1) * 8;
  if (!f.need(length)) return Layer.DONE;
  f.at = f.payloadAt = at + length;
  f.protocolNumber = next;
  return next === NO_NEXT_HEADER ? Layer.OTHER : ipProtocolLayer(next, 6);
}

/** Authentication header of either family: authenticates, does not encrypt; what follows is still readable. */
export function ah(f: Frame): Layer {
  f.enter(Layer.AH);
  if (!f.need(12)) return Layer.DONE;
  const length = (f.buffer[f.at + 1]! + 2) * 4;
  if (length < 12) return f.finish(Class.MALFORMED);
  if (!f.need(length)) return Layer.DONE;
  f.authenticated = true;
  f.protocolNumber = f.buffer[f.at]!;
  f.at += length;
  f.payloadAt = f.at;
  return ipProtocolLayer(f.protocolNumber, f.family);
}
