import { createHash } from 'node:crypto';
import type { Cluster, EncryptionKeys } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { proxyFolder } from '../../harness/stacks/mesh-tls/mesh-tls.ts';
import { profileOf } from '../../harness/stacks/stack-of.ts';
import { applyScript } from '../datapath/apply.ts';
import type { DatapathBed } from '../datapath/cluster.ts';
import { LayoutError } from '../datapath/layout-error.ts';
import { NFT_TABLE } from '../datapath/plan/masquerade.ts';
import { mergePlans } from '../datapath/plan/node-plan.ts';
import { forcedScript, planScript } from '../datapath/plan/script.ts';
import { clusterViews, type View } from '../datapath/topology.ts';
import { agentlessCluster, routePods } from '../mesh/agentless.ts';
import { plainRoute, routedBase } from '../mesh/layout.ts';
import { newAuthority } from './authority.ts';
import { TLS_FAULTS } from './faults.ts';
import {
  healthySettings,
  killScript,
  type MeshPod,
  meshIdentity,
  POD_TABLE,
  proxyScript,
  ROUTE_MTU,
  redirection,
  type TlsContext,
  withdrawalScript,
} from './layout.ts';
import { meshLifecycle } from './lifecycle.ts';
import { renewCertificates } from './renewal.ts';

const HOUR_MS = 3_600_000;
/** Takes the redirection of a pod away, if it has one. */
const UNREDIRECTED = `nft delete table ${POD_TABLE} 2>/dev/null || :\n`;

/** A TLS mesh on a bed, as a cluster: pods that are routed in the clear, and a proxy for each of them. Disposing it leaves the bed as clean as it was. */
export async function tlsCluster(
  bed: DatapathBed,
  intent: Intent,
  choice: { readonly clear?: boolean; readonly progress?: (line: string) => void } = {},
): Promise<Cluster> {
  const { host, pod } = bed;
  const { nodes, services } = bed.description;
  const described = bed.description.pods.map((each) => ({ ...each, serviceAccount: each.name }));
  const views = clusterViews(nodes, described, intent.families);
  const pods = described.map((description): MeshPod => {
    const address = description.addresses.find((candidate) => !candidate.includes(':'));
    if (address === undefined) throw new RangeError(`pod ${description.name} has no IPv4 address`);
    return { description, name: `${description.namespace}/${description.name}`, address, node: description.node };
  });
  const { tls, treatments = [] } = profileOf(intent) ?? {};
  if (tls === undefined) throw new RangeError(`profile ${intent.profile} has no TLS`);
  const authority = newAuthority();
  const backends = new Map(
    services.flatMap((service) => {
      const address = service.addresses.find((candidate) => !candidate.includes(':'));
      const own = pods.filter(({ name }) => service.backends.includes(name)).map((each) => `${each.address}:${each.description.httpPort}`);
      return address === undefined || own.length === 0 ? [] : [[`${address}:${service.port}`, own] as const];
    }),
  );
  const context: TlsContext = {
    pods,
    views,
    authority,
    tls,
    settings: healthySettings(tls, intent),
    refusesPlaintext: treatments.some(({ treatment }) => treatment === 'dropped'),
    host,
    pod,
    route: async (view) => {
      const routes = { ip: view.peers.map((peer) => plainRoute(view, peer)) };
      const script = `${resetScript(view)}${planScript(mergePlans(routedBase(view), routes))}`;
      await applyScript(host(view.self.name), script, 'routing the pods');
    },
    course: { unredirected: new Set(), keepsRules: new Set() },
    renewal: { strangers: new Map(), forgotten: new Set(), restarted: new Set() },
    certificateOf: (each, { trustDomain, notAfter = new Date(Date.now() + 24 * HOUR_MS), by = authority } = {}) =>
      by.issue({
        uri: meshIdentity(each, tls, trustDomain),
        // As a certificate authority of a mesh does, so that clocks may differ.
        notBefore: new Date(notAfter.getTime() - 25 * HOUR_MS),
        notAfter,
      }),
    start: async (chosen, settings = context.settings, certificate = context.certificateOf) => {
      await Promise.all(
        chosen.map((each) =>
          applyScript(pod(each.name), proxyScript(each, certificate(each), context, backends, settings), 'starting the proxy'),
        ),
      );
    },
    enrol: async (chosen, settings, certificate) => {
      await context.start(chosen, settings, certificate);
      await Promise.all(chosen.map((each) => context.redirect(each)));
    },
    withdraw: async (chosen) => {
      await Promise.all(chosen.map((each) => applyScript(pod(each.name), UNREDIRECTED, 'withdrawing the pod')));
      await context.endProxies(chosen);
    },
    endProxies: async (chosen) => {
      await Promise.all(chosen.map((each) => applyScript(pod(each.name), withdrawalScript(each), 'ending the proxy')));
    },
    redirect: async (each, past) => {
      const script = `${UNREDIRECTED}${redirection(each, context, services, past)}\n`;
      await applyScript(pod(each.name), script, 'enrolling the pod');
    },
  };
  if (intent.kernelTls !== undefined) await loadKernelTls(host(views[0]!.self.name));
  await Promise.all(views.map((view) => context.route(view)));
  await routePods(bed, views, ROUTE_MTU);
  return agentlessCluster(
    bed,
    {
      ...{
        title: 'a TLS mesh',
        pods: described,
        context,
        faults: TLS_FAULTS,
        keys: keysOf(context),
        lifecycle: meshLifecycle(context, bed),
      },
      enable: () => context.enrol(pods),
      enabled: `mutual TLS set up for ${pods.length} pods on ${views.length} nodes`,
      takeAway: async () => {
        await Promise.all(pods.map(({ name }) => applyScript(pod(name), UNREDIRECTED, 'taking the redirection away')));
        await Promise.all(views.map((view) => takeAway(context, view)));
      },
    },
    choice.progress,
  );
}

/** The module is loaded for this claim alone: once it is there, OpenSSL attaches it to every socket that it accepts. */
async function loadKernelTls(host: Shell): Promise<void> {
  // Without tcp_diag, ss reads /proc/net/tcp, which says nothing of TLS.
  const load = (name: string): string => `grep -q '^${name} ' /proc/modules || insmod /mods/${name}.ko`;
  const script = `[ -e /proc/net/tls_stat ] || insmod /mods/tls.ko\n${['inet_diag', 'tcp_diag'].map(load).join('\n')}\n`;
  await applyScript(host, script, 'loading the modules for TLS by the kernel');
}

/** Deletions that bring a node back to before any layout. */
function resetScript(view: View): string {
  return forcedScript({
    ip: [...view.peers.map((peer) => `route del ${peer.podCidr}`), `addr del ${view.self.internal}/32 dev lo`],
    ip6: [],
    tc: [],
    nft: [`add table ${NFT_TABLE}`, `delete table ${NFT_TABLE}`],
  });
}

/** @throws LayoutError when something is left */
async function takeAway({ host }: TlsContext, view: View): Promise<void> {
  const node = view.self.name;
  const probe = `rm -rf ${proxyFolder(node)}; ip route | grep -E '(${view.peers.map(({ podCidr }) => podCidr).join('|')})' || :; echo end\n`;
  const left = (await applyScript(host(node), `${killScript(node)}${resetScript(view)}${probe}`, 'taking the mesh away')).trim();
  if (left !== 'end') throw new LayoutError(node, 'not clean after taking the mesh away', left);
}

function keysOf(context: TlsContext): EncryptionKeys {
  const { authority, renewal } = context;
  const fingerprint = createHash('sha256').update(authority.root).digest('hex').slice(0, 24);
  return {
    current: async () => ({ id: 0, algorithm: 'ecdsa-p256', fingerprint }),
    rotate: renewCertificates(context),
    eachSecret: (visit) => {
      for (const { secrets } of [authority, ...renewal.strangers.values()]) for (const secret of secrets) visit(secret);
    },
  };
}
