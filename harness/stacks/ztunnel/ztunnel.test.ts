import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LOG_CUT } from '../../model/recording.ts';
import { POD1, twoNodes } from '../../testing/two-nodes.ts';
import { accessLogOf, configDumpOf } from './collect.ts';
import { decodeConfigDump, decodeConfigDumpRoots } from './config-dump.ts';
import { decodeProxyLog } from './proxy-outputs.ts';

/** Of a real ztunnel; see suites/tls/ztunnel.test.ts. */
const read = (name: string): string => readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8');
const redact = (collector: { readonly redact?: (output: string, fingerprint: () => string) => string }, output: string): string =>
  collector.redact!(output, () => '');

describe('the configuration dump', () => {
  test('has the certificate of the workload and the authority', () => {
    const { items, unparsed } = decodeConfigDump(read('config-dump-a.json'));
    expect(unparsed).toEqual([]);
    expect(items).toMatchObject([
      {
        identity: 'spiffe://cluster.local/ns/demo/sa/a',
        certificate: { uris: ['spiffe://cluster.local/ns/demo/sa/a'], keyAlgorithm: 'ECDSA prime256v1' },
      },
    ]);
    expect(decodeConfigDumpRoots(read('config-dump-a.json')).items).toMatchObject([{ identity: '', certificate: { uris: [] } }]);
  });

  test('keeps nothing but the certificates', () => {
    const kept = redact(configDumpOf('node1'), read('config-dump-a.json'));
    expect(Object.keys(JSON.parse(kept) as object)).toEqual(['certificates']);
    expect(decodeConfigDump(kept).items).toHaveLength(1);
    expect(redact(configDumpOf('node1'), '')).toBe('');
  });

  test('of any other form is not understood', () => {
    fc.assert(fc.property(fc.json(), (text) => decodeConfigDump(text).items.length === 0));
    expect(decodeConfigDump('{"certificates":[{"certChain":[{"pem":"AAAA"}]}]}')).toMatchObject({ items: [], unparsed: [{ line: 1 }] });
  });
});

describe('the access log', () => {
  const { pods } = twoNodes;
  const collector = (address = '10.77.1.11') =>
    accessLogOf(
      'node1',
      { namespace: 'istio-system', selector: 'app=ztunnel' },
      { ...twoNodes, pods: pods.map((pod) => ({ ...pod, addresses: [address] })) },
    );

  test('has every connection of the pods, with both identities', () => {
    const { items, unparsed } = decodeProxyLog(redact(collector(), read('tls-b.log')));
    expect(unparsed).toEqual([]);
    expect(items).toHaveLength(4);
    expect(new Set(items.map(({ direction }) => direction))).toEqual(new Set(['inbound', 'outbound']));
    expect(
      items.every(({ sourceIdentity, error }) => sourceIdentity.startsWith('spiffe://cluster.local/ns/demo/sa/') && error === null),
    ).toBe(true);
  });

  test('names plaintext without an identity', () => {
    const [plain] = decodeProxyLog(redact(collector(), read('around-b.log'))).items;
    expect(plain).toMatchObject({ direction: 'inbound', sourceIdentity: '' });
  });

  test('keeps no line about other pods, but the line that says that it was cut', () => {
    expect(redact(collector(POD1), `${read('tls-a.log')}${LOG_CUT}\n`)).toBe(`${LOG_CUT}\n`);
    expect(decodeProxyLog(`${LOG_CUT}\n`).unparsed).toHaveLength(1);
  });
});
