import type { ClusterSight } from '../model/cluster.ts';
import type { ScenarioName } from '../model/scenario.ts';

/** A line for the journal. */
export interface ChangeLine {
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Rotation {
  readonly from: number;
  readonly to: number;
  published: boolean;
}

/**
 * Converts successive observations of a cluster into the events that a scenario writes when it makes the same change: rotations of the key,
 * restarts of agents, upgrades.
 */
export class ChangeTracker {
  readonly #nodes: readonly string[];
  #last: ClusterSight;
  #rotation: Rotation | null = null;
  #upgrading = false;
  /** Version of all agents before an upgrade. */
  #version: string | undefined;
  readonly #away = new Map<string, string | undefined>();

  /** @param first what was seen before anything was changed */
  constructor(nodes: readonly string[], first: ClusterSight) {
    this.#nodes = nodes;
    this.#last = first;
    this.#version = oneVersion(nodes, first);
  }

  /** What happened since the last observation. */
  see(sight: ClusterSight): readonly ChangeLine[] {
    const seen = [...this.#agents(sight), ...this.#versions(sight), ...this.#key(sight)];
    this.#last = sight;
    return seen;
  }

  /** Key id whose SAs may still exist, during a rotation that every node has published; null otherwise. */
  get replacedKey(): number | null {
    return this.#rotation?.published === true ? this.#rotation.from : null;
  }

  /** No kernel has SAs of the replaced key any more. */
  replacedKeyGone(): readonly ChangeLine[] {
    if (this.#rotation === null) return [];
    const { from, to } = this.#rotation;
    this.#rotation = null;
    return [
      { event: 'rotation-step', detail: { name: 'old-key-gone', from } },
      { event: 'rotation-ended', detail: { id: to } },
    ];
  }

  /** Changes that have begun and are not over. */
  get unfinished(): readonly ScenarioName[] {
    return [
      ...(this.#rotation === null ? [] : (['rotation'] as const)),
      ...(this.#away.size === 0 ? [] : (['agent-restart'] as const)),
      ...(this.#upgrading ? (['upgrade'] as const) : []),
    ];
  }

  *#agents({ agents }: ClusterSight): Iterable<ChangeLine> {
    for (const node of this.#nodes) {
      const before = this.#last.agents[node]?.instance;
      const now = agents[node];
      const away = this.#away.has(node);
      if (!away && now?.instance === before && now !== undefined) continue;
      if (!away) {
        this.#away.set(node, before);
        yield { event: 'agent-restart', detail: { node } };
      }
      if (now === undefined || !now.ready || now.instance === this.#away.get(node)) continue;
      this.#away.delete(node);
      yield { event: 'agent-restarted', detail: { node, version: now.version } };
    }
  }

  *#versions(sight: ClusterSight): Iterable<ChangeLine> {
    const version = oneVersion(this.#nodes, sight);
    this.#version ??= version;
    const other = Object.values(sight.agents).find((agent) => agent.version !== this.#version)?.version;
    if (!this.#upgrading && this.#version !== undefined && other !== undefined) {
      this.#upgrading = true;
      yield { event: 'upgrading', detail: { from: this.#version, to: other } };
    }
    if (!this.#upgrading || version === undefined || this.#away.size > 0) return;
    this.#upgrading = false;
    this.#version = version;
    yield { event: 'upgraded', detail: { version } };
  }

  *#key({ key, published }: ClusterSight): Iterable<ChangeLine> {
    const { key: before, published: former } = this.#last;
    const ids = this.#nodes.map((node) => published[node]);
    const ofNodes = this.#nodes.find((node) => published[node] !== undefined && published[node] !== former[node]);
    const changed = key !== null && before !== null && (key.id !== before.id || key.fingerprint !== before.fingerprint);
    // If the Secret may not be read, or was changed earlier, the nodes' published ids are used.
    const to = changed ? key.id : ofNodes === undefined ? undefined : published[ofNodes];
    const from = changed ? before.id : former[ofNodes ?? ''];
    if (to !== undefined && from !== undefined && this.#rotation?.to !== to) {
      this.#rotation = { from: this.#rotation?.from ?? from, to, published: false };
      yield { event: 'rotation-started', detail: { id: from } };
      yield { event: 'rotation-step', detail: { name: changed ? 'secret-changed' : 'first-node-published', from, to } };
    }
    const rotation = this.#rotation;
    if (rotation === null || rotation.published || !ids.every((id) => id === rotation.to)) return;
    rotation.published = true;
    yield { event: 'rotation-step', detail: { name: 'published', to: rotation.to } };
  }
}

/** The version of all agents, if each runs and all have the same. */
function oneVersion(nodes: readonly string[], { agents }: ClusterSight): string | undefined {
  const [version, ...more] = new Set(nodes.map((node) => agents[node]?.version));
  return more.length === 0 ? version : undefined;
}
