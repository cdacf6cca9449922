import type { Decoded } from '../../decode/decoded.ts';
import { isObject, text as textOf } from '../../decode/kernel/json.ts';
import { kubeObjects } from '../cilium/decode/documents.ts';
import type { EnrolledPod } from '../readings.ts';
import { REDIRECTION } from './names.ts';

/** Pods as the API server has them: an enrolled one has the annotation of the CNI agent. */
export function decodeRedirection(text: string): Decoded<EnrolledPod> {
  const { found, unparsed } = kubeObjects(text);
  return {
    items: found.map(({ metadata }) => {
      const { name, namespace, annotations } = isObject(metadata) ? metadata : {};
      const said = isObject(annotations) ? textOf(annotations, REDIRECTION.annotation) : undefined;
      const says = `${REDIRECTION.annotation}: ${said ?? '(none)'}`;
      return { pod: `${namespace}/${name}`, enrolled: said === REDIRECTION.value, says };
    }),
    unparsed,
  };
}
