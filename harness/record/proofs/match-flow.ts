import { Dissector } from '../../decode/wire/dissect.ts';
import type { EspPlaintext } from '../../decode/wire/esp-decrypt.ts';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { FlowEnd, TrafficRecord } from '../../model/recording.ts';

/** LINKTYPE_RAW: an IP packet without a link header. */
const LINKTYPE_RAW = 101;

/** What a decrypted packet contains. */
export interface InnerPacket {
  /** Driven flows that it belongs to; empty for none. */
  readonly flows: readonly string[];
  /** Innermost `src > dst protocol`. */
  readonly name: string;
}

/** Find the flow of a decrypted packet: by its canary, which is certain, else by its innermost addresses and protocol. */
export function matchFlow(plain: EspPlaintext, flows: readonly TrafficRecord[], cluster: ClusterDescription): InnerPacket {
  if (plain.nextHeader !== 4 && plain.nextHeader !== 41) return { flows: [], name: `no IP packet inside: protocol ${plain.nextHeader}` };
  const { payload } = plain;
  const frame = new Dissector().dissect({
    buffer: payload,
    number: 1,
    start: 0,
    caplen: payload.length,
    len: payload.length,
    linkType: LINKTYPE_RAW,
    seconds: 0,
    nanoseconds: 0,
  });
  const { src, dst, protocol } = frame;
  if (src === null || dst === null || protocol === null) return { flows: [], name: 'an IP packet that could not be read' };
  const name = `${src} > ${dst} ${protocol}`;
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const marked = flows.filter(
    (f) => f.canary !== '' && (bytes.includes(f.canary, 0, 'latin1') || bytes.includes(Buffer.from(f.canary, 'hex'))),
  );
  if (marked.length > 0) return { flows: marked.map((f) => f.id), name };
  const plainProtocol = protocol.startsWith('icmp') ? 'icmp' : protocol;
  const between = flows.filter(
    (f) =>
      f.protocol === plainProtocol &&
      ((addressesOf(f.source, cluster).includes(src) && addressesOf(f.destination, cluster).includes(dst)) ||
        (addressesOf(f.source, cluster).includes(dst) && addressesOf(f.destination, cluster).includes(src))),
  );
  return { flows: between.map((f) => f.id), name };
}

/** Addresses that an end may have in a packet: a node has several, a service those of its pods. */
function addressesOf(end: FlowEnd, cluster: ClusterDescription): readonly string[] {
  if (end.kind === 'node') {
    const node = cluster.nodes.find((n) => n.name === (end.node ?? end.name));
    return [end.address, ...(node?.addresses ?? []), ...(node?.internalAddresses ?? [])];
  }
  if (end.kind === 'pod') return [end.address];
  const service = cluster.services.find((s) => `${s.namespace}/${s.name}` === end.name);
  const pods = cluster.pods.filter((p) => service?.backends.includes(`${p.namespace}/${p.name}`));
  return [end.address, ...pods.flatMap((p) => p.addresses)];
}
