import { esp } from './esp.ts';
import type { FragmentTrain } from './fragment-train.ts';
import { FragmentTable } from './fragments.ts';
import { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { ipv4 } from './ipv4.ts';
import { ah, ipv6, ipv6Extension } from './ipv6.ts';
import { Layer } from './layer.ts';
import { arp, cooked, ethernet, linkControl, linkLayer, llc, nullLoopback, rawIp, vlan } from './link.ts';
import { type DissectOptions, portTable } from './options.ts';
import { erspan, etherIp, gtp, gue, mpls, pppoe, vxlanGpe } from './rare-tunnel.ts';
import type { RawFrame } from './record.ts';
import { icmp, icmpv6, igmp, sctp, tcp } from './transport.ts';
import { geneve, gre, vxlan } from './tunnel.ts';
import { udp } from './udp.ts';
import { WireguardDetector } from './wireguard.ts';
import type { WireguardSessions } from './wireguard-sessions.ts';

/** Most headers that are read of one frame; a frame nested deeper is `unknown`. */
export const MAX_LAYERS = 48;

const NO_TRAINS: readonly FragmentTrain[] = [];

/**
 * Dissects one frame after the other into one reused `Frame`. State between frames: first fragments and WireGuard handshakes, both bounded.
 */
export class Dissector {
  readonly frame = new Frame();
  /** Fragments that came before their first fragment, which is the frame just dissected. */
  resolved: readonly FragmentTrain[] = NO_TRAINS;
  readonly #ports: Uint8Array;
  readonly #fragments = new FragmentTable();
  readonly #wireguard: WireguardDetector;

  constructor(options: DissectOptions = {}) {
    this.#ports = portTable(options);
    this.#wireguard = new WireguardDetector(this.#ports);
  }

  /** Whether a frame was understood by what came before it, so that another beginning might have given something else. */
  get dependsOnEarlier(): boolean {
    return this.#fragments.used || this.#wireguard.sessions.dependsOnEarlier;
  }

  get sessions(): WireguardSessions {
    return this.#wireguard.sessions;
  }

  dissect(raw: RawFrame): Frame {
    const f = this.frame;
    f.begin(raw);
    let next = linkLayer(raw.linkType);
    let budget = MAX_LAYERS;
    while (next !== Layer.DONE) next = budget-- > 0 ? this.#step(f, next) : f.finish(Class.UNKNOWN);
    this.resolved = f.firstPieces.length > 0 ? this.#fragments.announce(f) : NO_TRAINS;
    return f;
  }

  #step(f: Frame, layer: Layer): Layer {
    switch (layer) {
      case Layer.ETHERNET:
        return ethernet(f);
      case Layer.IPV4:
        return ipv4(f, this.#fragments);
      case Layer.IPV6:
        return ipv6(f);
      case Layer.UDP:
        return udp(f, this.#ports, this.#wireguard);
      case Layer.TCP:
        return tcp(f);
      case Layer.ESP:
        return esp(f);
      case Layer.VXLAN:
        return vxlan(f);
      case Layer.WIREGUARD:
        f.enter(layer);
        return f.finish(Class.WIREGUARD);
      case Layer.IPV6_EXTENSION:
        return ipv6Extension(f, this.#fragments);
      case Layer.AH:
        return ah(f);
      case Layer.ICMP:
        return icmp(f);
      case Layer.ICMPV6:
        return icmpv6(f);
      default:
        return this.#rare(f, layer);
    }
  }

  #rare(f: Frame, layer: Layer): Layer {
    switch (layer) {
      case Layer.VLAN:
        return vlan(f);
      case Layer.SLL:
        return cooked(f, 1);
      case Layer.SLL2:
        return cooked(f, 2);
      case Layer.NULL:
        return nullLoopback(f);
      case Layer.RAW_IP:
        return rawIp(f);
      case Layer.ARP:
        return arp(f);
      case Layer.LLC:
        return llc(f);
      case Layer.GENEVE:
        return geneve(f);
      case Layer.GRE:
        return gre(f);
      case Layer.MPLS:
        return mpls(f);
      case Layer.PPPOE:
        return pppoe(f);
      case Layer.ERSPAN:
        return erspan(f);
      case Layer.ETHERIP:
        return etherIp(f);
      case Layer.VXLAN_GPE:
        return vxlanGpe(f);
      case Layer.GTP:
        return gtp(f);
      case Layer.GUE:
        return gue(f);
      case Layer.SCTP:
        return sctp(f);
      case Layer.IGMP:
        return igmp(f);
      case Layer.IKE:
        f.enter(layer);
        return f.finish(Class.IKE);
      case Layer.LINK_CONTROL:
        return linkControl(f);
      case Layer.NAT_KEEPALIVE:
        f.enter(layer);
        return f.finish(Class.CONTROL);
      case Layer.OTHER:
        // An IP packet of another protocol, without protection.
        return f.finish(Class.CLEAR);
      default:
        f.enter(Layer.UNKNOWN);
        return f.finish(Class.UNKNOWN);
    }
  }
}
