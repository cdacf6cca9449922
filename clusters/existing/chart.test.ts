import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../harness/kube/object.ts';
import { findProgram } from '../../harness/proc/find-program.ts';
import { WaiversSchema } from '../../reports/waivers/waiver.ts';

const CHART = fileURLToPath(new URL('../../deploy/chart/', import.meta.url));
const HELM = process.env.WIREWITNESS_HELM ?? findProgram('helm');
const CLAIM = ['--set', 'claim.mode=wireguard,claim.routing=vxlan', '--set-string', 'claim.profile=1.18'];

const objectsIn = (text: string): KubeObject[] =>
  parseAllDocuments(text).flatMap((document) => {
    expect(document.errors).toEqual([]);
    return document.contents === null ? [] : [document.toJS() as KubeObject];
  });

/** A template as YAML without Helm: lines that steer go, values become words; all branches are there. */
const skeleton = (text: string): string => text.replaceAll(/^\{\{.*\}\}\n/gm, '').replaceAll(/\{\{.*?\}\}/g, 'value');

const templates = readdirSync(`${CHART}templates`).filter((name) => name.endsWith('.yaml'));
const skeletons = templates.flatMap((name) => objectsIn(skeleton(readFileSync(`${CHART}templates/${name}`, 'utf8'))));
const manifest = (name: string) => objectsIn(readFileSync(new URL(`../../deploy/${name}`, import.meta.url), 'utf8'));

interface PodSpec {
  readonly securityContext: unknown;
  readonly containers: readonly [
    { readonly command: readonly string[]; readonly args: readonly string[]; readonly securityContext: unknown },
  ];
  readonly volumes: readonly unknown[];
}
const podOf = (objects: readonly KubeObject[]): PodSpec => {
  const cron = objects.find(({ kind }) => kind === 'CronJob');
  if (cron === undefined) throw new Error('no CronJob');
  return (cron.spec as { jobTemplate: { spec: { template: { spec: PodSpec } } } }).jobTemplate.spec.template.spec;
};

describe('the chart', () => {
  test('every template is YAML, and every value that one asks for has a default', () => {
    expect(new Set(skeletons.map(({ kind }) => kind))).toEqual(
      new Set([
        'ConfigMap',
        'ClusterRole',
        'ClusterRoleBinding',
        'CronJob',
        'PersistentVolumeClaim',
        'Role',
        'RoleBinding',
        'ServiceAccount',
      ]),
    );
    const values = parseAllDocuments(readFileSync(`${CHART}values.yaml`, 'utf8'))[0]?.toJS() as object;
    for (const name of readdirSync(`${CHART}templates`))
      for (const [, path = ''] of readFileSync(`${CHART}templates/${name}`, 'utf8').matchAll(/\.Values\.([\w.]+)/g)) {
        const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], values);
        expect(found, `${name}: ${path}`).not.toBeUndefined();
      }
  });

  test('gives the rights of rbac.yaml and no others', () => {
    const rulesOf = (objects: readonly KubeObject[]) =>
      objects.filter(({ kind }) => /^(Cluster)?Role$/.test(kind)).map(({ kind, rules }) => [kind, rules]);
    expect(rulesOf(skeletons)).toEqual(rulesOf(manifest('rbac.yaml')));
  });

  test('runs what cronjob.yaml runs: no privileges, a folder a night, one history, nobody asked', () => {
    const [own, plain] = [podOf(skeletons), podOf(manifest('cronjob.yaml'))];
    expect(own.securityContext).toEqual(plain.securityContext);
    expect(own.containers[0].securityContext).toEqual(plain.containers[0].securityContext);
    expect(own.containers[0].command).toEqual(plain.containers[0].command);
    for (const { containers } of [own, plain]) {
      expect(containers[0].command[2]).toContain('--out "/reports/$(date -u +%Y-%m-%dT%H%M%SZ)"');
      expect(containers[0].args).toEqual(expect.arrayContaining(['--history=/reports/history', '--key=/reports/signing-key.pem', '--yes']));
    }
  });
});

describe('rendered by Helm', () => {
  const helm = (...args: string[]) => execFileSync(HELM ?? '', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const render = (...args: string[]) =>
    objectsIn(helm('template', 'x', CHART, '--namespace', 'proof', '--kube-version', '1.31.0', ...args));
  const ABSENT = 'helm is not on the PATH, nor where WIREWITNESS_HELM says';

  test('lint finds nothing wrong', ({ skip }) => {
    skip(HELM === undefined, ABSENT);
    expect(helm('lint', '--strict', CHART, ...CLAIM)).toContain('0 chart(s) failed');
  });

  test('without a claim it is refused, with the value to say', ({ skip }) => {
    skip(HELM === undefined, ABSENT);
    expect(() => render()).toThrow(/claim\.(mode|routing|profile): say/);
  });

  test('lies in the namespace of the release, and binds users and groups that are named', ({ skip }) => {
    skip(HELM === undefined, ABSENT);
    const objects = render(...CLAIM, '--set', 'rbac.users={jane},rbac.groups={auditors}');
    for (const { kind, metadata } of objects)
      if (!kind.startsWith('Cluster'))
        expect([kind, metadata.namespace]).toEqual([kind, metadata.name.endsWith('-agents') ? 'kube-system' : 'proof']);
    for (const { kind, subjects } of objects.filter((one) => one.kind.endsWith('Binding')))
      expect([kind, (subjects as unknown as { kind: string; name: string }[]).map((subject) => `${subject.kind} ${subject.name}`)]).toEqual(
        [kind, ['ServiceAccount wirewitness', 'User jane', 'Group auditors']],
      );
  });

  test('claim, labels, waivers and storage arrive as they were said', ({ skip }) => {
    skip(HELM === undefined, ABSENT);
    const waiver = { check: 'PRE-05', wholeCheck: true, owner: 'team', reason: 'clocks of the racks differ', expires: '2027-03-31' };
    const objects = render(
      ...CLAIM,
      '--set',
      'nodeSelector.pool=apps,nodeSelector.zone=a,storage.existingClaim=mine,extraArgs={--partners=3,--quiet}',
      '--set-json',
      `waivers=${JSON.stringify([waiver])}`,
    );
    const { containers, volumes } = podOf(objects);
    expect(containers[0].args).toEqual(
      expect.arrayContaining([
        ...['--stack=cilium', '--mode=wireguard', '--profile=1.18', '--namespace=proof', '--node-selector=pool=apps,zone=a'],
        ...['--partners=3', '--quiet'],
      ]),
    );
    expect(volumes).toContainEqual({ name: 'reports', persistentVolumeClaim: { claimName: 'mine' } });
    expect(objects.some(({ kind }) => kind === 'PersistentVolumeClaim')).toBe(false);
    const config = objects.find(({ kind }) => kind === 'ConfigMap') as unknown as { data: Record<string, string> };
    expect(WaiversSchema.parse(parseAllDocuments(config.data['waivers.yaml'] ?? '')[0]?.toJS()).waivers).toEqual([waiver]);
  });
});
