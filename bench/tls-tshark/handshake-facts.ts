/** What one side of the comparison says of one TLS connection. */
export interface HandshakeFacts {
  /** `client port > server port`. */
  readonly ends: string;
  /** Frame of the ClientHello. */
  readonly frame: number;
  /** Each fact by its name, as text; absent where the side does not know it. */
  readonly said: ReadonlyMap<FactName, string>;
}

export const FACTS = [
  'offered versions',
  'server name',
  'offered ALPN',
  'offered groups',
  'version',
  'suite',
  'group',
  'ALPN',
  'certificates',
  'names',
] as const;
export type FactName = (typeof FACTS)[number];

/** Only the facts with a text. */
export function factsOf(said: Readonly<Partial<Record<FactName, string>>>): ReadonlyMap<FactName, string> {
  return new Map(FACTS.flatMap((name) => (said[name] === undefined || said[name] === '' ? [] : [[name, said[name]] as const])));
}
