import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../harness/kube/object.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../harness/kube/testdata/api-server.ts';

/** A cluster without machines: an API server on this machine, and programs in its pods that answer only what a recording needs. */
export interface FakeCluster extends AsyncDisposable {
  readonly server: ApiServer;
  /** Path of a kubeconfig file. */
  readonly kubeconfig: string;
}

/** The list of the files that tcpdump wrote, beside the programs. */
const CAPTURES = 'captures';

/** The programs of the pods. Nothing is captured and nobody answers, so a recording of it can prove nothing. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ip: 'case "$*" in "route show default") echo "default via 192.0.2.1 dev eth0" ;; esac',
  'cilium-dbg': 'case "$1" in version) echo "Client: 1.18.3 0000 2025-10-01" ;; *) echo "Encryption: IPsec" ;; esac',
  tcpdump: `for word in "$@"; do [ "$last" = -w ] && file=$word; last=$word; done
trap 'printf "0 packets captured\\n0 packets received by filter\\n0 packets dropped by kernel\\n" >&2; exit 0' INT
if [ -n "$file" ]; then echo "$file" >>"\${0%/*}/${CAPTURES}"
printf '\\324\\303\\262\\241\\002\\000\\004\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\004\\000\\001\\000\\000\\000' >"$file"; fi
echo "listening on eth0" >&2
while :; do sleep 0.05; done`,
  perl: 'cat >/dev/null',
};

const NODES = ['node1', 'node2'];

/** Nodes with Cilium 1.18.3, IPsec over VXLAN, as the API server describes them. */
export function ciliumObjects(namespace = 'kube-system', nodes: readonly string[] = NODES): KubeObject[] {
  const config = {
    'enable-ipsec': 'true',
    'routing-mode': 'tunnel',
    'tunnel-protocol': 'vxlan',
    'enable-ipv4': 'true',
    'enable-ipv6': 'false',
  };
  const keys = Buffer.from(`3+ rfc4106(gcm(aes)) ${'ab'.repeat(20)} 128`).toString('base64');
  return [
    ...nodes.flatMap((name, index): KubeObject[] => [
      {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name, labels: { 'kubernetes.io/os': 'linux' } },
        spec: { podCIDR: `10.244.${index}.0/24` },
        status: { addresses: [{ type: 'InternalIP', address: `192.0.2.${index + 10}` }] },
      },
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNode',
        metadata: { name },
        spec: { addresses: [{ type: 'CiliumInternalIP', ip: `10.244.${index}.1` }], encryption: { key: 3 } },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `cilium-${name}`, namespace, labels: { 'k8s-app': 'cilium' } },
        spec: { nodeName: name, containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.18.3' }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      },
    ]),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cilium-config', namespace }, data: config },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cilium-ipsec-keys', namespace }, data: { keys } },
  ];
}

export async function startFakeCluster(options: Omit<Partial<ApiServerOptions>, 'env'> = {}): Promise<FakeCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'ww-fake-cluster-'));
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const [name, script] of Object.entries(PROGRAMS)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
  await writeFile(join(bin, CAPTURES), '');
  const server = await startApiServer({
    objects: ciliumObjects(),
    ...options,
    env: () => ({ PATH: `${bin}:${process.env.PATH ?? ''}` }),
  });
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig);
  return {
    server,
    kubeconfig,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      // The files in /tmp of a pod end with the pod: the recorder removes none from a pod that it cannot reach.
      const files = await readFile(join(bin, CAPTURES), 'utf8');
      for (const file of files.split('\n')) if (file !== '') await rm(file, { force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}
