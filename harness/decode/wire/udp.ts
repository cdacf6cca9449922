import { u16, u32 } from './bytes.ts';
import { isCiphertext, MIN_ESP_BYTES } from './esp.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { isIke } from './ike.ts';
import { Layer } from './layer.ts';
import { PORT_GENEVE, PORT_GTP, PORT_GUE, PORT_MPLS, PORT_VXLAN, PORT_VXLAN_GPE } from './options.ts';
import { looksPlain } from './plain.ts';
import { isGtp, isGue, isMpls, isVxlanGpe } from './rare-tunnel.ts';
import type { WireguardDetector } from './wireguard.ts';

const IKE_PORT = 500;
/** IKE and ESP behind a NAT (RFC 3948). */
export const NAT_T_PORT = 4500;

/** UDP header, then the next layer by port and content. Length 0 is a kernel's GSO packet: to the end. */
export function udp(f: Frame, ports: Uint8Array, wireguard: WireguardDetector): Layer {
  f.enter(Layer.UDP);
  if (!f.need(8)) return Layer.DONE;
  const b = f.buffer;
  f.sourcePort = u16(b, f.at);
  f.destinationPort = u16(b, f.at + 2);
  let length = u16(b, f.at + 4);
  if (length === 0) length = f.limit - f.at;
  else if (length < 8 || !f.narrow(length)) return f.finish(Class.MALFORMED);
  f.datagramLength = length - 8;
  f.at += 8;
  f.payloadAt = f.at;
  const tunnel = ports[f.destinationPort]!;
  if ((tunnel & PORT_VXLAN) !== 0) {
    if (isVxlan(f)) return Layer.VXLAN;
  } else if ((tunnel & PORT_GENEVE) !== 0 && f.end > f.at && b[f.at]! >> 6 === 0) return Layer.GENEVE;
  else if (tunnel > PORT_GENEVE) {
    const found = rareTunnel(f, tunnel);
    if (found !== Layer.OTHER) return found;
  }
  if (f.sourcePort === NAT_T_PORT || f.destinationPort === NAT_T_PORT) {
    const found = natTraversal(f, length - 8);
    if (found !== Layer.OTHER) return found;
  }
  if ((f.sourcePort === IKE_PORT || f.destinationPort === IKE_PORT) && isIke(f, f.at)) return Layer.IKE;
  const type = wireguard.detect(f, length - 8);
  if (type !== 0) {
    f.messageType = type;
    return Layer.WIREGUARD;
  }
  // The type byte was cut off: clear cannot be distinguished from WireGuard, and must not be guessed.
  if (f.end - f.at < 4 && f.limit - f.at >= 32 && f.end < f.limit) return f.finish(Class.TRUNCATED);
  return f.finish(Class.CLEAR);
}

/** VXLAN's flag says that the network identifier is valid. A cut header is reported by the layer. */
function isVxlan(f: Frame): boolean {
  return f.end > f.at && (f.buffer[f.at]! & 0x08) !== 0;
}

/** A tunnel by its port, if the payload begins as one; else `OTHER`. */
function rareTunnel(f: Frame, tunnel: number): Layer {
  if ((tunnel & PORT_VXLAN_GPE) !== 0 && isVxlanGpe(f)) return Layer.VXLAN_GPE;
  if ((tunnel & PORT_GTP) !== 0 && isGtp(f)) return Layer.GTP;
  if ((tunnel & PORT_GUE) !== 0 && isGue(f)) return Layer.GUE;
  return (tunnel & PORT_MPLS) !== 0 && isMpls(f) ? Layer.MPLS : Layer.OTHER;
}

/** UDP 4500 (RFC 3948): four zero bytes before IKE, else an SPI; one byte 0xff keeps a NAT mapping alive. `OTHER` when it is none of them. */
function natTraversal(f: Frame, length: number): Layer {
  const b = f.buffer;
  if (length === 1 && f.end > f.at && b[f.at] === 0xff) return Layer.NAT_KEEPALIVE;
  if (f.end - f.at < 4) return Layer.OTHER;
  if (u32(b, f.at) === 0) {
    if (!isIke(f, f.at + 4)) return Layer.OTHER;
    f.at += 4;
    return Layer.IKE;
  }
  return length >= MIN_ESP_BYTES && isCiphertext(f, length) && !looksPlain(b, f.at, f.end) ? Layer.ESP : Layer.OTHER;
}
