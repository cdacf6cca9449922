import { u16 } from './bytes.ts';
import type { Piece } from './fragment-train.ts';
import { type FragmentTable, fragmentKey, pieceOf } from './fragments.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { ipProtocolLayer, Layer } from './layer.ts';
import { looksPlain } from './plain.ts';

/** IPv4 header with options; narrows the packet to its total length. Total length 0 is a kernel's GSO packet: to the end. */
export function ipv4(f: Frame, fragments: FragmentTable): Layer {
  f.enter(Layer.IPV4);
  if (!f.need(20)) return Layer.DONE;
  const b = f.buffer;
  const at = f.at;
  const header = (b[at]! & 15) * 4;
  if (b[at]! >> 4 !== 4 || header < 20) return f.finish(Class.MALFORMED);
  const total = u16(b, at + 2);
  if (total !== 0 && (total < header || !f.narrow(total))) return f.finish(Class.MALFORMED);
  if (!f.need(header)) return Layer.DONE;
  f.noteAddresses(4, at + 12);
  f.protocolNumber = b[at + 9]!;
  f.hopLimit = b[at + 8]!;
  f.at = f.payloadAt = at + header;
  const flags = u16(b, at + 6);
  if ((flags & 0x3fff) === 0) return ipProtocolLayer(f.protocolNumber, 4);
  const piece = pieceOf(f, (flags & 0x1fff) * 8, (flags & 0x2000) !== 0);
  return fragment(f, fragments, piece, u16(b, at + 4), ipProtocolLayer(f.protocolNumber, 4));
}

/** Continue after a fragment header: a first fragment is dissected, a later one gets the class of its first. */
export function fragment(f: Frame, fragments: FragmentTable, piece: Piece, identification: number, next: Layer): Layer {
  if (piece.start === 0) {
    f.fragmented = true;
    f.firstPieces.push({ key: fragmentKey(f, identification), piece });
    return next;
  }
  f.enter(Layer.FRAGMENT);
  f.laterFragment = true;
  // Encrypted or authenticated for any first fragment: the protocol is in the IP header of every fragment.
  if (f.protocolNumber === 50) return f.finish(looksPlain(f.buffer, f.at, f.end) ? Class.CLEAR : Class.ESP);
  if (f.protocolNumber === 51) return f.finish(Class.AH);
  fragments.follow(f, fragmentKey(f, identification), piece);
  return Layer.DONE;
}
