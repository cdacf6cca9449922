import type { Kube } from '../../harness/kube/kube.ts';
import { type KubeObject, whyNodeNotReady } from '../../harness/kube/object.ts';
import { EnvironmentError } from '../../harness/model/environment-error.ts';

/** Where the nodes are, and which are meant. */
interface WantedNodes {
  readonly kube: Kube;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly progress: (line: string) => void;
}

/** The selected nodes. One that takes no pods is named and left out; the run goes on with the others. */
export class TestedNodes {
  readonly all: readonly KubeObject[];
  readonly #lost = new Map<string, string>();
  readonly #from: Pick<WantedNodes, 'kube' | 'progress'>;

  private constructor(all: readonly KubeObject[], from: WantedNodes) {
    this.all = all;
    this.#from = from;
  }

  /** @throws EnvironmentError where fewer than two can be tested */
  static async of(wanted: WantedNodes): Promise<TestedNodes> {
    const { kube, nodeSelector } = wanted;
    const selector = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
    const all = await kube.list('v1', 'Node', undefined, ['kubernetes.io/os=linux', ...selector].join(','));
    if (all.length < 2)
      throw new EnvironmentError(
        `${kube.name} has ${all.length} node(s) with ${selector.join(', ') || 'Linux'}: encryption between nodes needs 2 or more`,
      );
    const nodes = new TestedNodes(
      all.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
      wanted,
    );
    nodes.leaveOut(all.map((node) => [node.metadata.name, whyNodeNotReady(node)]));
    return nodes;
  }

  /** Names of those that are tested. */
  names(): readonly string[] {
    return this.all.map(({ metadata }) => metadata.name).filter((name) => !this.#lost.has(name));
  }

  /** Why a node is left out; undefined where it is tested. */
  why(name: string): string | undefined {
    return this.#lost.get(name);
  }

  /** Leave out the nodes that have a reason, and say so at once. @throws EnvironmentError where fewer than two are left */
  leaveOut(reasons: Iterable<readonly [name: string, why: string | undefined]>): void {
    const { kube, progress } = this.#from;
    const said: string[] = [];
    for (const [name, why] of reasons) {
      if (why === undefined) continue;
      this.#lost.set(name, why);
      said.push(`${name}: ${why}`);
    }
    const left = this.names().length;
    if (left < 2)
      throw new EnvironmentError(
        `${kube.name}: ${left} node(s) can take pods, encryption between nodes needs 2 or more; ${said.join('; ')}`,
      );
    for (const line of said)
      progress(`not tested: ${line}; the run goes on with ${left} node(s), and the verdict can be no better than inconclusive`);
  }
}
