import { describe, expect, test } from 'vitest';
import { redactXfrmKeys } from '../decode/kernel/redact.ts';
import { withholdSettings } from '../decode/secrets/withhold.ts';
import { redactKeySecret } from '../stacks/cilium/redact-key-secret.ts';
import { keyFingerprint } from './key-fingerprint.ts';
import { redactOutput } from './redact-output.ts';

const KEY = '4a506a794f574265564551694d653768e2f4a1b3';
const secret = (line: string): string => `apiVersion: v1\nkind: Secret\ndata:\n  keys: ${Buffer.from(line).toString('base64')}\n`;
const xfrm = { collector: 'xfrm-state', shell: 'host', argv: [], node: 'node1', redact: redactXfrmKeys } as const;
const result = (stdout: string) => ({ argv: [], exitCode: 0, stdout, stderr: '' });

describe('keys leave memory only as fingerprints', () => {
  test('the key line of a Secret', () => {
    const text = redactKeySecret(secret(`3+ rfc4106(gcm(aes)) ${KEY} 128\n`), keyFingerprint());
    expect(text).toMatch(/^3\+ rfc4106\(gcm\(aes\)\) <key:160:[0-9a-f]{24}> 128\n$/);
    expect(text).not.toContain(KEY.slice(0, 12));
  });

  test('a key that is not hexadecimal is withheld, not printed', () => {
    expect(redactKeySecret(secret('3 rfc4106(gcm(aes)) nothexatall! 128'), keyFingerprint())).toBe(
      '3 rfc4106(gcm(aes)) <unreadable-key> 128\n',
    );
  });

  test('keys of ip xfrm state; the same key has the same fingerprint within a run and another one in the next', () => {
    const line = `\taead rfc4106(gcm(aes)) 0x${KEY} 128\n`;
    const text = `src 10.0.1.1 dst 10.0.2.1\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n${line}${line}`;
    const run = keyFingerprint();
    const first = redactOutput(xfrm, result(text), run).stdout;
    expect(first).not.toContain(KEY);
    const prints = [...first.matchAll(/<key:160:([0-9a-f]{24})>/g)].map((match) => match[1]);
    expect(prints).toHaveLength(2);
    expect(prints[0]).toBe(prints[1]);
    expect(redactOutput(xfrm, result(text), keyFingerprint()).stdout).not.toContain(prints[0]);
  });

  test('an output whose keys cannot be found with certainty is withheld completely', () => {
    const text = `\taead rfc4106(gcm(aes)) something 0x${KEY} in between\n`;
    const redacted = redactOutput(xfrm, result(text), keyFingerprint());
    expect(`${redacted.stdout}${redacted.stderr}`).not.toContain(KEY);
  });
});

describe('outputs of commands that print no key', () => {
  const plain = { collector: 'cilium-status', shell: 'agent', argv: [], node: 'node1' } as const;
  const settings = { ...plain, collector: 'cilium-config', redact: withholdSettings } as const;

  test('lose what has the shape of a secret, on standard error too', () => {
    const both = redactOutput(
      plain,
      { ...result('DB_PASSWORD=hunter2hunter'), stderr: 'Authorization: Bearer a1b2c3d4e5f6a7b8c9d0e1' },
      keyFingerprint(),
    );
    expect(both).toEqual({ stdout: 'DB_PASSWORD=<withheld:named-password>', stderr: 'Authorization: <withheld:bearer-token>' });
  });

  test('settings lose every value that an operator may have put there', () => {
    const { stdout } = redactOutput(settings, result('data:\n  enable-ipsec: "true"\n  kvstore-token: swordfish\n'), keyFingerprint());
    expect(stdout).toBe('data:\n  enable-ipsec: "true"\n  kvstore-token: <withheld>\n');
  });
});
