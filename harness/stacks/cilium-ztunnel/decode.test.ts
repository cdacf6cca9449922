import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeEnrolledNamespaces, keepEnrolledNamespaces } from './decode.ts';

/** In the form of Cilium 1.20, pkg/ztunnel/table/enrolled_namespaces.go, and of the status of github.com/cilium/statedb; not recorded. */
const DUMP = JSON.stringify({
  health: [{ secret: 'other tables' }],
  'mtls-enrolled-namespaces': [
    { Name: 'demo', Status: { 'updated-at': '2026-01-01T00:00:00Z', id: 7, kind: 'Done' } },
    { Name: 'shop', Status: { 'updated-at': '2026-01-01T00:00:00Z', error: 'no netns', id: 8, kind: 'Error' } },
  ],
});

test('a namespace is enrolled when the agent has carried it out', () => {
  expect(decodeEnrolledNamespaces(DUMP)).toEqual({
    items: [
      { pod: 'demo/', enrolled: true, says: 'mtls-enrolled-namespaces: Done' },
      { pod: 'shop/', enrolled: false, says: 'mtls-enrolled-namespaces: Error, no netns' },
    ],
    unparsed: [],
  });
});

test('nothing else of the tables is kept', () => {
  const kept = keepEnrolledNamespaces(DUMP);
  expect(kept).not.toContain('other tables');
  expect(decodeEnrolledNamespaces(kept).items).toHaveLength(2);
  expect(keepEnrolledNamespaces('')).toBe('');
});

test('an agent without the table, and any other text, is not understood', () => {
  expect(decodeEnrolledNamespaces('{"health":[]}').unparsed).toHaveLength(1);
  fc.assert(fc.property(fc.string(), (text) => decodeEnrolledNamespaces(text).items.length === 0));
});
