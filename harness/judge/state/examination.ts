import type { Snapshot } from '../../model/recording.ts';
import type { Finding } from '../../model/verdict.ts';
import type { IpsecProfile, Profile, WireguardProfile } from '../../stacks/profile.ts';
import type { Facts } from '../facts.ts';
import type { Datum, NodeState } from './node-state.ts';

/** Most sentences a finding quotes; the rest is counted. */
const QUOTED = 8;

/** A check needs the profile of a version, and there is none: its reason, without the id of the check. */
export class UnknownProfileError extends Error {
  override readonly name = 'UnknownProfileError';
}

/**
 * Gathers what one check meets and turns it into a finding. Fails closed: a fault contradicts, else a gap is inconclusive,
 * else a check that examined nothing is inconclusive; only then it supports.
 */
export class Examination {
  readonly facts: Facts;
  readonly #must: string;
  readonly #faults: string[] = [];
  readonly #gaps: string[] = [];
  readonly #notes: string[] = [];
  readonly #evidence = new Set<string>();
  #examined = 0;
  #observed: string | null = null;
  #suspended: string | null = null;

  /** @param must what must hold, as the check states it */
  constructor(facts: Facts, must: string) {
    this.facts = facts;
    this.#must = must;
  }

  /** What the claimed version does. @throws UnknownProfileError: without a profile a check is inconclusive, never a guess */
  get profile(): Profile {
    const { profile, manifest } = this.facts;
    if (profile === null) throw new UnknownProfileError(`profile ${manifest.intent.profile}: not known`);
    return profile;
  }

  /** What the claimed version does for IPsec. @throws UnknownProfileError */
  get ipsec(): IpsecProfile {
    const { id, ipsec } = this.profile;
    if (ipsec === null) throw new UnknownProfileError(`profile ${id}: this stack has no IPsec`);
    return ipsec;
  }

  /** What the claimed version does for WireGuard. @throws UnknownProfileError */
  get wireguard(): WireguardProfile {
    const { id, wireguard } = this.profile;
    if (wireguard === null) throw new UnknownProfileError(`profile ${id}: this version has no WireGuard`);
    return wireguard;
  }

  /** Something that must hold does not. */
  fault(text: string): void {
    if (!this.#faults.includes(text)) this.#faults.push(text);
  }

  /** Evidence is missing or damaged. */
  gap(text: string): void {
    if (!this.#gaps.includes(text)) this.#gaps.push(text);
  }

  /** Worth telling, decides nothing. */
  note(text: string): void {
    if (!this.#notes.includes(text)) this.#notes.push(text);
  }

  /** What was seen, in place of the sentences that decide. */
  observe(text: string): void {
    this.#observed = text;
  }

  /** Why nothing can be decided yet, whatever was met. */
  suspend(reason: string): void {
    this.#suspended = reason;
  }

  /** Nothing in the way so far: neither a fault nor a gap. */
  get clean(): boolean {
    return this.#faults.length === 0 && this.#gaps.length === 0;
  }

  /** One thing was looked at and held. */
  held(count = 1): void {
    this.#examined += count;
  }

  /** One thing was looked at: a fault with the text, or it held. */
  expect(holds: boolean, text: string): void {
    if (holds) this.held();
    else this.fault(text);
  }

  /** The value of a datum; without one the gap is noted and undefined is returned. */
  use<T>(datum: Datum<T>): T | undefined {
    for (const path of datum.evidence) this.#evidence.add(path);
    if (datum.ok) return datum.value;
    this.gap(datum.reason);
    return undefined;
  }

  /** Paths that the finding names besides those of the data used. */
  cite(...paths: readonly string[]): void {
    for (const path of paths) this.#evidence.add(path);
  }

  /** What the nodes said in these snapshots, in the manifest's order. */
  nodes(...snapshots: readonly Snapshot[]): readonly NodeState[] {
    if (this.facts.manifest.cluster.nodes.length === 0) this.gap('the recording names no node');
    return this.facts.state.nodes.filter((node) => snapshots.includes(node.snapshot));
  }

  /** Each node once, in the first snapshot (before, then after) that has this datum: for what is read only once a run. */
  once(datum: keyof NodeState): readonly NodeState[] {
    const states = this.nodes('before', 'after');
    const hasIt = (state: NodeState) => {
      const value = state[datum];
      return typeof value === 'object' && (value.ok || !value.absent);
    };
    return this.facts.manifest.cluster.nodes.flatMap(({ name }) => {
      const own = states.filter((state) => state.node === name);
      return own.find(hasIt) ?? own[0] ?? [];
    });
  }

  /**
   * The finding.
   *
   * @param what what was examined, for instance `SAs`
   * @param expected where it says more than the check's own statement: limits, and what the profile asks for
   */
  conclude(what: string, expected = this.#must): Finding {
    const finding = this.#finding(what, expected);
    if (this.#suspended === null) return finding;
    return { ...finding, verdict: 'inconclusive', reason: `${this.#suspended}: ${finding.reason}` };
  }

  #finding(what: string, expected: string): Finding {
    const evidence = [...this.#evidence];
    const noted = this.#notes.length > 0 ? `; ${this.#notes.join('; ')}` : '';
    if (this.#faults.length > 0) {
      const found = quote(this.#faults);
      return { verdict: 'contradicts', reason: `${found}${noted}`, expected, observed: this.#observed ?? found, evidence };
    }
    if (this.#gaps.length > 0) {
      const missing = quote(this.#gaps);
      const reason = `evidence is missing: ${missing}${noted}`;
      return { verdict: 'inconclusive', reason, expected, observed: this.#observed ?? missing, evidence };
    }
    if (this.#examined === 0) {
      const empty = `no ${what} to examine: an empty set proves nothing`;
      return { verdict: 'inconclusive', reason: `${empty}${noted}`, expected, observed: this.#observed ?? empty, evidence };
    }
    const reason = `${this.#examined} ${what} examined, all as expected${noted}`;
    return { verdict: 'supports', reason, expected, observed: this.#observed ?? reason, evidence };
  }

  /** The finding of a check that this run did not or cannot feed. */
  set(verdict: 'not-exercised' | 'not-applicable', reason: string, expected = this.#must): Finding {
    return { verdict, reason, expected, observed: this.#observed ?? reason, evidence: [...this.#evidence] };
  }
}

/** `node1 before`, the start of every sentence. */
export function at(node: Pick<NodeState, 'node' | 'snapshot'>): string {
  return `${node.node} ${node.snapshot}`;
}

function quote(sentences: readonly string[]): string {
  const rest = sentences.length - QUOTED;
  return sentences.slice(0, QUOTED).join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
