import type { Kube } from '../kube.ts';
import type { KubeObject } from '../object.ts';

/** A cluster's API in memory, only what tests need: objects by kind and name, label selectors of equality and presence. */
export function fakeKube(objects: readonly KubeObject[] = [], more: Partial<Kube> = {}): Kube & { readonly objects: KubeObject[] } {
  const all = [...objects];
  const same = (a: KubeObject, kind: string, name: string, namespace: string | undefined) =>
    a.kind === kind && a.metadata.name === name && a.metadata.namespace === namespace;
  return {
    name: 'fake',
    context: 'fake',
    config: undefined as never,
    objects: all,
    apply: async (object) => {
      all.push(object);
      return object;
    },
    read: async ({ kind, metadata }) => all.find((object) => same(object, kind, metadata.name, metadata.namespace)),
    list: async (_, kind, namespace, selector) =>
      all.filter(
        (object) =>
          object.kind === kind &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          (selector ?? '').split(',').every((part) => {
            const [key = '', value] = part.split('=');
            const label = object.metadata.labels?.[key];
            return part === '' || (value === undefined ? label !== undefined : label === value);
          }),
      ),
    remove: async ({ kind, metadata }) => {
      const index = all.findIndex((object) => same(object, kind, metadata.name, metadata.namespace));
      if (index !== -1) all.splice(index, 1);
      return index !== -1;
    },
    log: async () => '',
    may: async () => true,
    version: async () => 'v1.34.4',
    ...more,
  };
}
