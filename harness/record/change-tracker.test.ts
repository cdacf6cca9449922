import { describe, expect, test } from 'vitest';
import type { AgentSight, ClusterSight } from '../model/cluster.ts';
import { ChangeTracker } from './change-tracker.ts';

const NODES = ['node1', 'node2'];
const agent = (instance: string, more: Partial<AgentSight> = {}): AgentSight => ({ instance, ready: true, version: '1.18.3', ...more });

interface Scene {
  readonly key?: readonly [id: number, fingerprint: string] | null;
  readonly published?: readonly [number, number];
  readonly agents?: readonly [AgentSight | null, AgentSight | null];
}

function sight({ key = [3, 'a'], published = [3, 3], agents = [agent('a1'), agent('b1')] }: Scene = {}): ClusterSight {
  return {
    key: key === null ? null : { id: key[0], fingerprint: key[1] },
    published: { node1: published[0], node2: published[1] },
    agents: Object.fromEntries(NODES.flatMap((node, index) => (agents[index] == null ? [] : [[node, agents[index]]]))),
  };
}

/** The events of successive observations, one line for each. */
function told(first: Scene, ...looks: readonly Scene[]): { readonly lines: string[]; readonly tracker: ChangeTracker } {
  const tracker = new ChangeTracker(NODES, sight(first));
  const lines = looks.map((look) =>
    tracker
      .see(sight(look))
      .map(({ event, detail }) => [event, ...Object.values(detail)].join(' '))
      .join(', '),
  );
  return { lines, tracker };
}

const FRESH = [4, 'b'] as const;

describe('the key', () => {
  test('a rotation begins with the Secret, and is over when no kernel has the old key', () => {
    const { lines, tracker } = told(
      {},
      { key: FRESH },
      { key: FRESH, published: [4, 3] },
      { key: FRESH, published: [4, 4] },
      { key: FRESH, published: [4, 4] },
    );
    expect(lines).toEqual(['rotation-started 3, rotation-step secret-changed 3 4', '', 'rotation-step published 4', '']);
    expect([tracker.replacedKey, tracker.unfinished]).toEqual([3, ['rotation']]);
    expect(tracker.replacedKeyGone().map(({ event }) => event)).toEqual(['rotation-step', 'rotation-ended']);
    expect([tracker.replacedKey, tracker.unfinished]).toEqual([null, []]);
  });

  test('if the Secret may not be read, the first node that publishes another id begins the rotation', () => {
    const { lines } = told({ key: null }, { key: null, published: [3, 4] }, { key: null, published: [4, 4] });
    expect(lines).toEqual(['rotation-started 3, rotation-step first-node-published 3 4', 'rotation-step published 4']);
  });

  test('another key under the same id is a rotation that is never over', () => {
    const { lines, tracker } = told({}, { key: [3, 'b'] });
    expect(lines).toEqual(['rotation-started 3, rotation-step secret-changed 3 3, rotation-step published 3']);
    expect(tracker.unfinished).toEqual(['rotation']);
  });

  test('a second change before the first is over begins another one', () => {
    const { lines, tracker } = told({}, { key: FRESH }, { key: [5, 'c'] });
    expect(lines[1]).toBe('rotation-started 4, rotation-step secret-changed 4 5');
    expect(tracker.unfinished).toEqual(['rotation']);
  });
});

describe('agents', () => {
  test('a pod that ends and another that becomes ready are a restart; one that is not ready yet is still absent', () => {
    const away = [null, agent('b1')] as const;
    const starting = [agent('a2', { ready: false }), agent('b1')] as const;
    const back = [agent('a2'), agent('b1')] as const;
    const { lines, tracker } = told({}, { agents: away }, { agents: starting }, { agents: back }, { agents: back });
    expect(lines).toEqual(['agent-restart node1', '', 'agent-restarted node1 1.18.3', '']);
    expect(tracker.unfinished).toEqual([]);
  });

  test('a restart between two observations is seen by the new instance', () => {
    expect(told({}, { agents: [agent('a1'), agent('b2')] }).lines).toEqual(['agent-restart node2, agent-restarted node2 1.18.3']);
  });

  test('a restart whose agent never returns is not over', () => {
    expect(told({}, { agents: [null, agent('b1')] }).tracker.unfinished).toEqual(['agent-restart']);
  });

  test('another version is an upgrade until every agent has it, once', () => {
    const next = (instance: string) => agent(instance, { version: '1.19.0' });
    const { lines } = told(
      {},
      { agents: [next('a2'), agent('b1')] },
      { agents: [next('a2'), null] },
      { agents: [next('a2'), next('b2')] },
      { agents: [null, next('b2')] },
      { agents: [next('a3'), next('b2')] },
    );
    expect(lines).toEqual([
      'agent-restart node1, agent-restarted node1 1.19.0, upgrading 1.18.3 1.19.0',
      'agent-restart node2',
      'agent-restarted node2 1.19.0, upgraded 1.19.0',
      'agent-restart node1',
      'agent-restarted node1 1.19.0',
    ]);
  });
});
