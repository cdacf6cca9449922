import type { DecodedHandshake } from './by-decoder.ts';
import type { SharkHandshake } from './by-tshark.ts';
import { FACTS, type FactName, type HandshakeFacts } from './handshake-facts.ts';

/** One difference of a capture. */
export interface HandshakeDifference {
  /** Why it is right that both differ; null for one that nothing explains. */
  readonly because: string | null;
  readonly text: string;
}

export interface HandshakeComparison {
  /** Connections that both list. */
  readonly both: number;
  /** Facts that both state, and that are equal. */
  readonly equal: number;
  readonly differences: readonly HandshakeDifference[];
}

/** Facts that are encrypted in TLS 1.3: tshark reads them where the capture file brings the keys. */
const ENCRYPTED: ReadonlySet<FactName> = new Set(['ALPN', 'certificates', 'names']);
/** Layers around TCP, or between TCP and TLS, that this project does not read. */
const UNREAD_LAYERS = /:(gtp|capwap\.data|cmd)(?=:)/;
/** A record with a ClientHello (RFC 8446, sections 4 and 5.1). */
const CLIENT_HELLO = /^1603(00|01|02|03|04)....01/;

/**
 * @param firstPayload the first bytes of a TCP stream, in hex
 * @param malformed why the ClientHello in such bytes cannot be read; null if it can
 */
export function compareHandshakes(
  ours: readonly DecodedHandshake[],
  theirs: readonly SharkHandshake[],
  firstPayload: (stream: number) => string,
  malformed: (hex: string) => string | null,
): HandshakeComparison {
  const left = [...theirs];
  const differences: HandshakeDifference[] = [];
  let [both, equal] = [0, 0];
  for (const own of ours) {
    const index = left.findIndex(({ ends }) => ends === own.ends);
    const other = index < 0 ? undefined : left.splice(index, 1)[0];
    if (other === undefined) {
      differences.push({ because: null, text: `${own.ends}: TLS to the decoder alone, frame ${own.frame}` });
      continue;
    }
    both++;
    for (const name of FACTS) {
      const [a, b] = [own.said.get(name) ?? '', other.said.get(name) ?? ''];
      if (a === b) equal += a === '' ? 0 : 1;
      else
        differences.push({ because: reasonOf(name, a, b, own, other), text: `${own.ends}: ${name} ${a || 'none'}, tshark ${b || 'none'}` });
    }
  }
  for (const { ends, frame, protocols, stream } of left) {
    const first = firstPayload(stream);
    const layer = UNREAD_LAYERS.exec(protocols)?.[1];
    const because =
      layer !== undefined
        ? `inside ${layer}, which is not read`
        : !CLIENT_HELLO.test(first)
          ? 'does not begin with a ClientHello'
          : malformed(first) === null
            ? null
            : 'a malformed ClientHello';
    differences.push({ because, text: `${ends}: TLS to tshark alone, frame ${frame}` });
  }
  return { both, equal, differences };
}

/** Saying less can be explained, saying something else cannot. */
function reasonOf(name: FactName, a: string, b: string, own: DecodedHandshake, other: HandshakeFacts): string | null {
  if (own.said.get('version') === 'TLS 1.3' && ENCRYPTED.has(name) && a === '') return 'encrypted, and the file has the keys';
  if (name === 'group' && a === '' && /^0x7[ef]/.test(own.said.get('version') ?? ''))
    return 'a draft of TLS 1.3, whose key share has another number';
  if (own.connection.broken !== null && startsAs(a, b)) return `not TLS from a frame on: ${own.connection.broken.why}`;
  if (own.connection.unfinished && startsAs(a, b)) return 'a record whose rest is not in the capture';
  if (b === '' && !other.said.has('version')) return 'tshark reads no answer of the server';
  return null;
}

function startsAs(a: string, b: string): boolean {
  const more = b.split(' ');
  return a === '' || a.split(' ').every((word) => more.includes(word));
}
