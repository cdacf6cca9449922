import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../harness/kube/object.ts';
import { captureDaemonSet } from './capture-daemonset.ts';

async function load(name: string): Promise<KubeObject[]> {
  const text = await readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
  const documents = parseAllDocuments(text);
  for (const { errors } of documents) expect(errors).toEqual([]);
  return documents.map((document) => document.toJS() as KubeObject);
}

interface Container {
  readonly command: readonly string[];
  readonly args?: readonly string[];
  readonly securityContext: {
    readonly capabilities: { readonly drop: readonly string[]; readonly add?: readonly string[] };
    readonly readOnlyRootFilesystem: boolean;
  };
}

const podOf = (spec: unknown): { containers: Container[]; hostNetwork?: boolean; serviceAccountName?: string } =>
  (spec as { template: { spec: { containers: Container[]; hostNetwork?: boolean } } }).template.spec;

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const rulesOf = (objects: readonly KubeObject[], kind: string, name: string): readonly Rule[] =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)?.rules as readonly Rule[];

describe('deploy', () => {
  test('the capture pod has the two capabilities it needs and nothing else', () => {
    const pod = podOf(captureDaemonSet({ namespace: 'x', image: 'y', nodeSelector: {} }).spec);
    const [container] = pod.containers;
    expect(pod.hostNetwork).toBe(true);
    expect(container?.securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
    expect(container?.securityContext.capabilities).toEqual({ drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] });
    expect(JSON.stringify(pod)).not.toMatch(/hostPath|privileged|hostPID/);
  });

  test('workers of the Indexed Job run tcpdump alone and may only send and see raw packets; one a node, and no index is run again', async () => {
    const [job] = await load('indexed-job.yaml');
    const spec = job?.spec as { completionMode: string; completions: number; parallelism: number; backoffLimitPerIndex: number };
    expect(spec).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 0 });
    expect(spec.parallelism).toBe(spec.completions);
    const pod = podOf(spec);
    expect(pod.containers[0]?.securityContext.capabilities).toEqual({ drop: ['ALL'], add: ['NET_RAW'] });
    expect(JSON.stringify(pod)).toContain('requiredDuringSchedulingIgnoredDuringExecution');
  });

  test('workers that make digests are the same, may read the kernel, and get the plan and the key', async () => {
    const [[job], [plain]] = await Promise.all([load('indexed-job-digest.yaml'), load('indexed-job.yaml')]);
    const [own, other] = [podOf(job?.spec), podOf(plain?.spec)];
    const [container] = own.containers;
    expect(container?.securityContext).toEqual({
      ...other.containers[0]?.securityContext,
      capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
    });
    expect(container?.command).toEqual([...other.containers[0]!.command, '--plan=/collection/plan.json', '--key=/collection/key']);
    expect(own).toMatchObject({ hostNetwork: true, automountServiceAccountToken: false });
    expect(JSON.stringify(own)).toMatch(/"configMap":\{"name":"wirewitness-plan"\}.*"secret":\{"name":"wirewitness-collection"\}/);
    expect(JSON.stringify(own)).not.toMatch(/hostPath|privileged|hostPID/);
  });

  test('the nightly run asks nobody, stays in its namespace and has no capability', async () => {
    const cron = (await load('cronjob.yaml')).find(({ kind }) => kind === 'CronJob');
    const pod = podOf((cron!.spec as { jobTemplate: { spec: unknown } }).jobTemplate.spec);
    expect(pod.serviceAccountName).toBe('wirewitness');
    expect(pod.containers[0]?.args).toEqual(
      expect.arrayContaining([
        '--yes',
        '--namespace=wirewitness',
        '--target=existing',
        '--mode=wireguard',
        '--routing=vxlan',
        '--profile=1.18',
      ]),
    );
    expect(pod.containers[0]?.securityContext.capabilities).toEqual({ drop: ['ALL'] });
  });

  test('rights: exec needs get and create; Secrets and ConfigMaps are named; nothing is a wildcard; nothing of Cilium is written', async () => {
    const objects = await load('rbac.yaml');
    for (const name of ['wirewitness', 'wirewitness-agents'])
      expect(rulesOf(objects, 'Role', name).find(({ resources }) => resources.includes('pods/exec'))?.verbs).toEqual(['get', 'create']);
    const agents = rulesOf(objects, 'Role', 'wirewitness-agents');
    for (const resource of ['secrets', 'configmaps']) {
      const rule = agents.find(({ resources }) => resources.includes(resource));
      expect(rule?.resourceNames).toHaveLength(1);
      expect(rule?.verbs).toEqual(['get']);
    }
    const all = [...agents, ...rulesOf(objects, 'Role', 'wirewitness'), ...rulesOf(objects, 'ClusterRole', 'wirewitness-read')];
    for (const { apiGroups, resources, verbs } of all) expect([...apiGroups, ...resources, ...verbs]).not.toContain('*');
    for (const { verbs } of rulesOf(objects, 'ClusterRole', 'wirewitness-read')) expect(verbs).toEqual(['get', 'list']);
  });

  test('what changes a cluster is a role of its own, and holds for the named objects where they have names', async () => {
    const rules = rulesOf(await load('rbac-disruptive.yaml'), 'Role', 'wirewitness-disruptive');
    expect(rules.map(({ resources, verbs, resourceNames }) => [...resources, ...verbs, ...(resourceNames ?? [])].join(' '))).toEqual([
      'secrets patch cilium-ipsec-keys',
      'pods delete',
      'daemonsets get cilium',
    ]);
  });

  test('the Sonobuoy plugin hands JUnit over, and only when there is a report', async () => {
    const [plugin] = await load('sonobuoy-plugin.yaml');
    expect(plugin?.['sonobuoy-config']).toMatchObject({ driver: 'Job', 'result-format': 'junit' });
    expect((plugin!.spec as unknown as Container).securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
    });
    const script = (plugin!.spec as unknown as { args: string[] }).args[0];
    expect(script).toMatch(/cp \S+junit\.xml \S+ && printf %s "\$RESULTS_DIR\/junit\.xml" >"\$RESULTS_DIR\/done"/);
  });

  test('the action passes its inputs by environment, never into the script', async () => {
    const text = await readFile(new URL('../../action.yml', import.meta.url), 'utf8');
    const [document] = parseAllDocuments(text);
    const { runs } = document!.toJS() as { runs: { steps: { run?: string }[] } };
    for (const { run = '' } of runs.steps) expect(run).not.toContain('inputs.');
  });

  test('actions are pinned by commit, base images by digest, and no install script of a package is run', async () => {
    const read = (name: string): Promise<string> => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');
    const uses = [...(await read('action.yml')).matchAll(/uses: (\S+)/g)].map(([, name]) => name);
    expect(uses).toHaveLength(2);
    for (const name of uses) expect(name).toMatch(/@[0-9a-f]{40}$/);
    for (const recipe of ['deploy/Dockerfile', 'clusters/kind/witness/Dockerfile']) {
      const text = await read(recipe);
      for (const [, base] of text.matchAll(/^ARG \w+=(\S+)/gm)) expect(base).toMatch(/@sha256:[0-9a-f]{64}$/);
      for (const [, from] of text.matchAll(/^FROM (\S+)/gm)) expect(from).toMatch(/^\$\{\w+\}$/);
    }
    for (const name of ['scripts/setup', 'action.yml', 'deploy/Dockerfile']) {
      // Comments and messages name the command too.
      const commands = (await read(name)).replaceAll(/^\s*#.*$/gm, '').replaceAll(/"[^"\n]*"/g, '');
      for (const [line] of commands.matchAll(/npm (?:ci|install)\b.*/g)) expect(line, name).toContain('--ignore-scripts');
    }
  });
});
