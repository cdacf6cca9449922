import type { Kube } from '../../harness/kube/kube.ts';
import type { Mode, Routing } from '../../harness/model/mode.ts';
import { AGENT_CONTAINER, AGENT_LABEL, CONFIG_MAP } from '../../harness/stacks/cilium/names.ts';
import { minorOf } from '../../harness/stacks/cilium/profiles/profile-for.ts';

/** What a cluster declares. It is never used as the claim: a user states or confirms the claim. */
export interface DeclaredClaims {
  readonly mode?: Mode;
  readonly routing?: Routing;
  /** Cilium's minor version, if every agent has the same. */
  readonly profile?: string;
  /** The settings of the ConfigMap; empty if it does not exist. */
  readonly settings: Readonly<Record<string, string>>;
  /** Versions in the image tags of the agents, each once. */
  readonly versions: readonly string[];
}

/**
 * Read the ConfigMap of the agents and their images.
 * @throws KubeError if they may not be read
 */
export async function declaredClaims(kube: Kube, namespace: string): Promise<DeclaredClaims> {
  const found = await kube.read({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: CONFIG_MAP, namespace } });
  const settings = (found?.data ?? {}) as Readonly<Record<string, string>>;
  const agents = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
  const versions = [...new Set(agents.flatMap(({ spec }) => imageVersion(spec)))].sort();
  const minors = new Set(versions.map(minorOf));
  const [profile] = minors;
  return {
    settings,
    versions,
    ...(found === undefined ? {} : { mode: modeIn(settings) }),
    ...routingIn(settings),
    ...(minors.size === 1 && typeof profile === 'string' ? { profile } : {}),
  };
}

/** Tag of the agent's image, with or without a digest: `quay.io/cilium/cilium:v1.18.3@sha256:…`. */
export function imageVersion(spec: unknown): string[] {
  const { containers = [] } = (spec ?? {}) as { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
  const image = containers.find(({ name }) => name === AGENT_CONTAINER)?.image ?? '';
  const tag = /:v?(\d+\.\d+[^@:/]*)(?:@|$)/.exec(image)?.[1];
  return tag === undefined || minorOf(tag) === null ? [] : [tag];
}

function modeIn(settings: Readonly<Record<string, string>>): Mode {
  if (settings['enable-ipsec'] === 'true') return 'ipsec';
  return settings['enable-wireguard'] === 'true' ? 'wireguard' : 'none';
}

/** `routing-mode` and `tunnel-protocol` since 1.14; before, `tunnel` alone said both. */
function routingIn(settings: Readonly<Record<string, string>>): { readonly routing?: Routing } {
  const old = settings.tunnel;
  const mode = settings['routing-mode'] ?? (old === undefined ? undefined : old === 'disabled' ? 'native' : 'tunnel');
  if (mode === 'native') return { routing: 'native' };
  const protocol = settings['tunnel-protocol'] ?? old ?? 'vxlan';
  return mode === 'tunnel' && (protocol === 'vxlan' || protocol === 'geneve') ? { routing: protocol } : {};
}
