import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POD_LINE } from '../mesh-collect.ts';
import { decodeInjection, decodeProxyMetrics } from './decode.ts';

/** Lines in the form of linkerd2 version-2.20, testutil/prommatch/testdata/sampleMetrics.txt, and of the tests of linkerd/app/core/src/transport/labels.rs. */
const METRICS = `${POD_LINE}demo/b
tcp_open_total{direction="outbound",peer="dst",target_addr="10.42.0.122:8080",target_ip="10.42.0.122",target_port="8080",tls="true",server_id="default.demo.serviceaccount.identity.linkerd.cluster.local",dst_namespace="demo",dst_pod="a"} 4
tcp_open_total{direction="outbound",peer="src",target_addr="10.42.0.122:8080",target_ip="10.42.0.122",target_port="8080",tls="no_identity",no_tls_reason="loopback"} 4
tcp_open_total{direction="inbound",peer="src",target_addr="0.0.0.0:4191",target_ip="0.0.0.0",target_port="4191",tls="no_identity",no_tls_reason="no_tls_from_remote",srv_kind="default",srv_name="all-unauthenticated"} 30
tcp_open_total{direction="inbound",peer="src",target_addr="192.0.2.4:80",target_ip="192.0.2.4",target_port="80",tls="true",client_id="foo.demo.serviceaccount.identity.linkerd.cluster.local",srv_kind="server",srv_name="testserver",srv_port="80"} 2
`;

test('connections with their peers are read, the sides towards the own pod are not', () => {
  const { items, unparsed } = decodeProxyMetrics(METRICS);
  expect(unparsed).toEqual([]);
  const of = { pod: 'demo/b' };
  expect(items).toEqual([
    {
      ...of,
      direction: 'outbound',
      port: 8080,
      identity: 'default.demo.serviceaccount.identity.linkerd.cluster.local',
      why: '',
      connections: 4,
    },
    { ...of, direction: 'inbound', port: 4191, identity: null, why: 'no_tls_from_remote', connections: 30 },
    { ...of, direction: 'inbound', port: 80, identity: 'foo.demo.serviceaccount.identity.linkerd.cluster.local', why: '', connections: 2 },
  ]);
});

test('a metric before the name of its pod, and any other text, is not understood', () => {
  expect(decodeProxyMetrics(METRICS.split('\n').slice(1).join('\n')).unparsed).toHaveLength(4);
  expect(decodeProxyMetrics(`${POD_LINE}demo/b\n<html>`).unparsed).toEqual([{ line: 2, text: '<html>' }]);
});

test('no text is read as a verified identity unless it has one', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { items } = decodeProxyMetrics(`${POD_LINE}demo/b\n${text}`);
      expect(items.filter(({ identity }) => identity !== null).length).toBeLessThanOrEqual(text.split('tls="true"').length - 1);
    }),
  );
});

test('the container of the proxy tells which pods were injected', () => {
  const pod = (name: string, spec: object) => ({ metadata: { name, namespace: 'demo' }, spec });
  const list = [
    pod('a', { containers: [{ name: 'witness' }, { name: 'linkerd-proxy' }] }),
    pod('b', { containers: [{ name: 'witness' }], initContainers: [{ name: 'linkerd-proxy' }] }),
    pod('c', { containers: [{ name: 'witness' }] }),
  ];
  const { items } = decodeInjection(JSON.stringify({ kind: 'List', items: list }));
  expect(items.map(({ pod: name, enrolled }) => [name, enrolled])).toEqual([
    ['demo/a', true],
    ['demo/b', true],
    ['demo/c', false],
  ]);
  expect(items[2]!.says).toBe('has no container linkerd-proxy');
});
