import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';

export const tls12: Check = {
  id: 'TLS-12',
  must: 'Every pod of the recording is enrolled, as the mesh itself says',
  modes: ['tls'],
  evidence: 'redirection in the namespaces of the pods, objects of the pods or tables of the agents, before and after',
  needs: ['host-shell'],
  remedy:
    'Enrol the named pod: {enrolPods}. If its namespace is enrolled already, see why the pod was not taken: the log of what writes the redirection (the CNI agent, the injector, the agents).',
  judge(x) {
    const { pods } = x.facts.manifest.cluster;
    const { enrolment } = x.stack.meshReadings ?? {};
    if (enrolment === undefined) return x.set('not-exercised', 'this mesh does not say which pods are enrolled');
    const api = x.facts.state.api.filter(({ snapshot }) => snapshot === 'before' || snapshot === 'after');
    const places =
      enrolment.of === 'api'
        ? api.map(({ snapshot, enrolment: said }) => ({ where: `API server ${snapshot}`, own: pods, said }))
        : x
            .nodes('before', 'after')
            .map((node) => ({ where: at(node), own: pods.filter((pod) => pod.node === node.node), said: node.enrolment }));
    for (const { where, own, said } of places) {
      const listed = x.use(said);
      if (listed === undefined) continue;
      for (const { namespace, name, node } of own) {
        const entry = listed.find(({ pod }) => pod === `${namespace}/${name}` || pod === `${namespace}/`);
        x.expect(entry?.enrolled === true, `${where}: ${namespace}/${name} is not enrolled: ${entry?.says ?? 'it is not in the list'}`, {
          node,
        });
      }
    }
    return x.conclude('pods');
  },
};
