import type { Decoded, UnparsedLine } from '../../decode/decoded.ts';
import { isObject, objects } from '../../decode/kernel/json.ts';
import { kubeObjects } from '../cilium/decode/documents.ts';
import { POD_LINE } from '../mesh-collect.ts';
import type { EnrolledPod, ProxyPeer } from '../readings.ts';
import { LINKERD_CONTAINER } from './names.ts';

/** Families of metrics that are read, as an extended regular expression. */
export const KEPT_METRICS = '^tcp_open_total[{]';

const SAMPLE = /^tcp_open_total\{(.*)\} (\d+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/**
 * `tcp_open_total` of the proxies of several pods (linkerd2-proxy, linkerd/app/core/src/transport/labels.rs): of what other pods opened
 * (`direction="inbound",peer="src"`) and of what was opened to them (`direction="outbound",peer="dst"`). The sides towards the own pod have no
 * TLS and are left out.
 */
export function decodeProxyMetrics(text: string): Decoded<ProxyPeer> {
  const items: ProxyPeer[] = [];
  const unparsed: UnparsedLine[] = [];
  let pod: string | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    if (line.startsWith(POD_LINE)) {
      pod = line.slice(POD_LINE.length);
      continue;
    }
    const [, words = '', count = ''] = SAMPLE.exec(line) ?? [];
    const labels = new Map([...words.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value]));
    const [direction, peer, tls, port] = ['direction', 'peer', 'tls', 'target_port'].map((name) => labels.get(name));
    if (pod === null || (direction !== 'inbound' && direction !== 'outbound') || peer === undefined || tls === undefined) {
      unparsed.push({ line: index + 1, text: line.slice(0, 200) });
      continue;
    }
    if ((direction === 'inbound') !== (peer === 'src')) continue;
    const named = labels.get(direction === 'inbound' ? 'client_id' : 'server_id') ?? '';
    items.push({
      pod,
      direction,
      port: Number(port ?? 0),
      identity: tls === 'true' && named !== '' ? named : null,
      why: tls === 'true' ? '' : (labels.get('no_tls_reason') ?? tls),
      connections: Number(count),
    });
  }
  return { items, unparsed };
}

/** Pods as the API server has them: an injected one has the container of the proxy, among its containers or those that start before them. */
export function decodeInjection(text: string): Decoded<EnrolledPod> {
  const { found, unparsed } = kubeObjects(text);
  return {
    items: found.map(({ metadata, spec }) => {
      const { name, namespace } = isObject(metadata) ? metadata : {};
      const { containers, initContainers } = isObject(spec) ? spec : {};
      const names = [containers, initContainers].flatMap((list) => (Array.isArray(list) ? objects(list) : [])).map((each) => each.name);
      const enrolled = names.includes(LINKERD_CONTAINER);
      return { pod: `${namespace}/${name}`, enrolled, says: `${enrolled ? 'has' : 'has no'} container ${LINKERD_CONTAINER}` };
    }),
    unparsed,
  };
}
