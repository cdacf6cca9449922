import type { Cbom, CryptoComponent } from './cyclonedx.ts';

/** One fact of a component that changed. */
export interface CbomChange {
  readonly name: string;
  /** `size`, `state`, `esn`, `peer` … */
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

export interface CbomDiff {
  /** Names of components. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly CbomChange[];
}

/**
 * Fields that differ in every recording: times, paths, and fingerprints, which are keyed by a secret of the run. A protocol's list of keys
 * only repeats the keys.
 */
const NOT_COMPARED = new Set(['activationDate', 'firstSeen', 'lastSeen', 'goneBy', 'fingerprint', 'cryptoRefArray']);

/**
 * What changed from one bill of materials to a later one, by component name. IPsec keys of two recordings cannot be compared: their
 * fingerprints are of one run only. WireGuard's public keys can.
 */
export function diffCbom(before: Cbom, after: Cbom): CbomDiff {
  const [old, now] = [byName(before), byName(after)];
  return {
    added: [...now.keys()].filter((name) => !old.has(name)),
    removed: [...old.keys()].filter((name) => !now.has(name)),
    changed: [...now].flatMap(([name, component]) => {
      const earlier = old.get(name);
      return earlier === undefined ? [] : changesOf(name, factsOf(earlier), factsOf(component));
    }),
  };
}

function byName({ components }: Cbom): ReadonlyMap<string, CryptoComponent> {
  return new Map([...components].sort((a, b) => (a.name < b.name ? -1 : 1)).map((component) => [component.name, component]));
}

function changesOf(name: string, from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): CbomChange[] {
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((field) => {
    const [was, is] = [from.get(field) ?? 'absent', to.get(field) ?? 'absent'];
    return was === is ? [] : [{ name, field, from: was, to: is }];
  });
}

/** Every fact of a component, without those that are specific to its run; facts of one name, such as peers, are joined. */
function factsOf({ cryptoProperties, properties = [] }: CryptoComponent): ReadonlyMap<string, string> {
  const { assetType, ...rest } = cryptoProperties;
  const details = Object.values(rest).flatMap((value) => (typeof value === 'object' ? Object.entries(value) : []));
  const facts = new Map(details.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]));
  facts.set('assetType', assetType);
  for (const { name, value } of properties) {
    const key = name.replace(/^wirewitness:/, '');
    const before = facts.get(key);
    facts.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  for (const key of NOT_COMPARED) facts.delete(key);
  return facts;
}
