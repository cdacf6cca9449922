import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POD_LINE } from '../mesh-collect.ts';
import { decodePodRules } from './pod-rules.ts';

const TABLE = `table ip tls_mesh {
	chain outbound {
		type nat hook output priority dstnat; policy accept;
		meta mark 0x00000539 accept
		ip daddr 10.0.1.11 accept
		ip daddr { 10.0.2.11, 10.96.0.10 } meta l4proto tcp dnat to 10.0.1.11:15001
	}

	chain inbound {
		type filter hook input priority filter; policy accept;
		iifname "eth0" tcp dport != 15008 ct state new drop
	}
}
`;

test('a pod is enrolled when what it sends is redirected', () => {
  const without = TABLE.split('\n')
    .filter((line) => !line.includes('dnat'))
    .join('\n');
  const { items, unparsed } = decodePodRules(`${POD_LINE}demo/a\n${TABLE}${POD_LINE}demo/b\n${POD_LINE}demo/c\n${without}`);
  expect(unparsed).toEqual([]);
  expect(items).toEqual([
    { pod: 'demo/a', enrolled: true, says: 'it has the redirection' },
    { pod: 'demo/b', enrolled: false, says: 'it has no redirection' },
    { pod: 'demo/c', enrolled: false, says: 'its redirection has no rule for what it sends' },
  ]);
});

test('rules before the name of their pod are not understood, and no text makes a pod enrolled', () => {
  expect(decodePodRules(TABLE).unparsed.length).toBeGreaterThan(0);
  fc.assert(fc.property(fc.string(), (text) => decodePodRules(`${POD_LINE}demo/a\n${text}`).items[0]?.enrolled === false));
});
