import type { Snapshot } from '../../model/recording.ts';
import type { Finding, StatedFact, Verdict } from '../../model/verdict.ts';
import type { IpsecProfile, Profile, TlsProfile, WireguardProfile } from '../../stacks/profile.ts';
import type { Stack } from '../../stacks/stack.ts';
import { stackOf } from '../../stacks/stack-of.ts';
import type { Words } from '../../stacks/words.ts';
import type { Facts } from '../facts.ts';
import type { Datum, NodeState } from './node-state.ts';

/** Most facts a finding names; the rest is counted. */
const NAMED = 8;

/** The subject of a sentence. */
type About = Omit<StatedFact, 'text'>;

/** A check needs the profile of a version, and there is none: its reason, without the id of the check. */
export class UnknownProfileError extends Error {
  override readonly name = 'UnknownProfileError';
}

/**
 * Collects the facts of one check and makes a finding of them. Fails closed: a fault contradicts; without a fault, a gap is inconclusive; a
 * check that examined nothing is inconclusive too; only then it supports.
 */
export class Examination {
  readonly facts: Facts;
  readonly #must: string;
  readonly #faults = new Map<string, StatedFact>();
  readonly #gaps = new Map<string, StatedFact>();
  readonly #notes = new Set<string>();
  readonly #evidence = new Set<string>();
  #examined = 0;
  #observed: readonly string[] = [];
  #suspended: string | null = null;

  /** @param must what must hold, as the check states it */
  constructor(facts: Facts, must: string) {
    this.facts = facts;
    this.#must = must;
  }

  /** What the claimed version does. @throws UnknownProfileError: without a profile a check is inconclusive, not a guess */
  get profile(): Profile {
    const { profile, manifest } = this.facts;
    if (profile === null) throw new UnknownProfileError(`profile ${manifest.intent.profile}: not known`);
    return profile;
  }

  /** The stack that is claimed. */
  get stack(): Stack {
    return stackOf(this.facts.manifest.intent);
  }

  /** The words of the stack in texts. */
  get words(): Words {
    return this.stack.words(this.facts.manifest.intent);
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

  /** What the claimed version does for TLS. @throws UnknownProfileError */
  get tls(): TlsProfile {
    const { id, tls } = this.profile;
    if (tls === undefined) throw new UnknownProfileError(`profile ${id}: this version has no TLS`);
    return tls;
  }

  /** Something that must hold does not. */
  fault(text: string, about: About = {}): void {
    if (!this.#faults.has(text)) this.#faults.set(text, { text, ...about });
  }

  /** Evidence is missing or damaged. */
  gap(text: string, about: About = {}): void {
    if (!this.#gaps.has(text)) this.#gaps.set(text, { text, ...about });
  }

  /** A note; it does not affect the verdict. */
  note(text: string): void {
    this.#notes.add(text);
  }

  /** Observations beyond the facts that decide the verdict. */
  observe(...items: readonly string[]): void {
    this.#observed = items;
  }

  /** The reason why nothing can be decided, whatever else was found. */
  suspend(reason: string): void {
    this.#suspended = reason;
  }

  /** Neither a fault nor a gap so far. */
  get clean(): boolean {
    return this.#faults.size === 0 && this.#gaps.size === 0;
  }

  /** There was nothing to look at, and nothing is missing. */
  get empty(): boolean {
    return this.clean && this.#examined === 0;
  }

  /** One thing was examined and is as expected. */
  held(count = 1): void {
    this.#examined += count;
  }

  /** One thing was examined: as expected, or a fault with the text. */
  expect(holds: boolean, text: string, about: About = {}): void {
    if (holds) this.held();
    else this.fault(text, about);
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
    return { ...finding, verdict: 'inconclusive', facts: [{ text: this.#suspended }, ...finding.facts] };
  }

  #finding(what: string, expected: string): Finding {
    if (this.#faults.size > 0) return this.#conclusion('contradicts', [...this.#faults.values()], expected);
    if (this.#gaps.size > 0) return this.#conclusion('inconclusive', [...this.#gaps.values()], expected);
    if (this.#examined === 0)
      return this.#conclusion('inconclusive', [{ text: `no ${what} to examine: an empty set proves nothing` }], expected);
    return this.#conclusion('supports', [{ text: `${this.#examined} ${what} examined, all as expected` }], expected);
  }

  /** The finding of a check for which this run did not or cannot record evidence. */
  set(verdict: 'not-exercised' | 'not-applicable', reason: string, expected = this.#must): Finding {
    return this.#conclusion(verdict, [{ text: reason }], expected);
  }

  #conclusion(verdict: Verdict, facts: readonly StatedFact[], expected: string): Finding {
    return {
      verdict,
      facts: facts.slice(0, NAMED),
      omitted: Math.max(0, facts.length - NAMED),
      notes: [...this.#notes],
      expected,
      observed: this.#observed,
      evidence: [...this.#evidence],
    };
  }
}

/** `node1 before`, the start of every sentence. */
export function at(node: Pick<NodeState, 'node' | 'snapshot'>): string {
  return `${node.node} ${node.snapshot}`;
}
