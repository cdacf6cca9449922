import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { keyDerivation } from '../../stacks/cilium/key-derivation.ts';
import { ciliumRecording } from '../../testing/cilium-fixture.ts';
import { KeyVault } from './key-vault.ts';
import { proveDecryption } from './prove-decryption.ts';
import { proveDerivation } from './prove-derivation.ts';

const FIXTURES = fileURLToPath(new URL('../../../../shared/fixtures/cilium/', import.meta.url));
const AGENTS = existsSync(FIXTURES) ? readdirSync(FIXTURES).filter((name) => name.includes('ipsec')) : [];
const workspace = mkdtempSync(join(tmpdir(), 'wirewitness-proofs-'));
afterAll(() => rmSync(workspace, { recursive: true }));

const collector = (name: string, node: string | null) => ({ collector: name, shell: 'host' as const, argv: [], node });

/** What the recorder would have read of a real agent; `edit` changes what the kernel prints, `keyFile` what the Secret holds. */
function vaultOf(agent: string, edit: (states: string) => string = (s) => s, keyFile: (line: string) => string = (s) => s): KeyVault {
  const read = (file: string) => readFileSync(join(FIXTURES, agent, file), 'utf8');
  const vault = new KeyVault(keyDerivation);
  vault.see('after', collector('xfrm-state', 'node1'), edit(read('node1/xfrm-state-s.txt')));
  const keys = Buffer.from(keyFile(read('key-file.txt'))).toString('base64');
  vault.see('after', collector('key-secret', null), `data:\n  keys: ${keys}\n`);
  vault.see('after', collector('cilium-nodes', null), read('ciliumnodes.yaml'));
  return vault;
}

/** One digit of each printed key changed. */
const wrongKeys = (states: string) => states.replace(/(aead \S+ 0x)([0-9a-f])/g, (_, head, digit) => `${head}${digit === '0' ? '1' : '0'}`);

describe.skipIf(AGENTS.length === 0)('proofs on the recordings of real agents (needs shared/fixtures/cilium beside the project)', () => {
  test.each(AGENTS)('%s: every SA key derives from the Secret', (agent) => {
    using vault = vaultOf(agent);
    const proofs = proveDerivation(vault);
    expect(proofs.length).toBeGreaterThan(1);
    const shared = agent.startsWith('v1.14');
    for (const proof of proofs) {
      expect(proof, proof.note).toMatchObject({ matches: true, note: '', node: 'node1', snapshot: 'after' });
      expect(proof.derivation).toBe(shared ? 'shared' : 'per-tunnel');
    }
  });

  test.each(AGENTS)('%s: another key is no match', (agent) => {
    using vault = vaultOf(agent, wrongKeys);
    const proofs = proveDerivation(vault);
    expect(proofs.length).toBeGreaterThan(1);
    for (const proof of proofs) expect(proof.matches).toBe(false);
    expect(JSON.stringify(proofs)).not.toMatch(/[0-9a-f]{20}/);
  });

  test('agent 1.18.3 derives a key for each tunnel whether or not the id has a +', () => {
    using vault = vaultOf('v1.18.3-ipsec-vxlan', undefined, (line) => line.replace('+', ''));
    for (const proof of proveDerivation(vault)) expect(proof).toMatchObject({ derivation: 'per-tunnel', matches: true });
  });

  test('without the boot ids the derivation is unknown', () => {
    using vault = vaultOf('v1.18.3-ipsec-vxlan');
    vault.bootIds.clear();
    for (const proof of proveDerivation(vault)) {
      expect(proof).toMatchObject({ derivation: 'unknown', matches: false });
      expect(proof.note).toMatch(/no boot id is known for \d/);
    }
  });

  test.each(AGENTS)('%s: sampled frames decrypt with the kernel’s keys and contain driven flows', async (agent) => {
    using vault = vaultOf(agent);
    const proofs = await proveDecryption(vault, input(agent));
    expect(proofs.map((p) => `${p.src} ${p.dst}`).length).toBe(2);
    for (const proof of proofs) {
      expect(proof.sampled).toBeGreaterThan(4);
      expect(proof, proof.note).toMatchObject({ decrypted: proof.sampled, note: '' });
    }
    expect(new Set(proofs.flatMap((p) => p.flows)).size).toBeGreaterThan(0);
  });

  test('a wrong key decrypts nothing, and an SA that no kernel has is reported', async () => {
    using wrong = vaultOf('v1.18.3-ipsec-vxlan', wrongKeys);
    for (const proof of await proveDecryption(wrong, input('v1.18.3-ipsec-vxlan'))) {
      expect(proof).toMatchObject({ decrypted: 0, flows: [] });
      expect(proof.note).toMatch(/sequence \d+ does not verify with the key on node1/);
    }
    using none = new KeyVault(keyDerivation);
    for (const proof of await proveDecryption(none, input('v1.18.3-ipsec-vxlan')))
      expect(proof).toMatchObject({ untried: true, note: expect.stringMatching(/no SA of that name/) });
  });
});

function input(agent: string) {
  const { manifest } = ciliumRecording(join(FIXTURES, agent));
  const captures = manifest.captures.filter((c) => c.vantage === 'wire').map((c) => ({ ...c, file: `${agent}.pcap` }));
  copyFileSync(join(FIXTURES, agent, 'base.wire.pcap'), join(workspace, `${agent}.pcap`));
  return { folder: workspace, captures, traffic: manifest.traffic, cluster: manifest.cluster };
}

test.skipIf(AGENTS.length === 0)('both ends must have the key: with another key at one end nothing is decrypted', async () => {
  using vault = vaultOf('v1.18.3-ipsec-vxlan');
  const states = readFileSync(join(FIXTURES, 'v1.18.3-ipsec-vxlan/node1/xfrm-state-s.txt'), 'utf8');
  vault.see('after', collector('xfrm-state', 'node2'), wrongKeys(states));
  for (const proof of await proveDecryption(vault, input('v1.18.3-ipsec-vxlan'))) {
    expect(proof.decrypted).toBe(0);
    expect(proof.note).toMatch(/on node2/);
    expect(proof.note).not.toMatch(/on node1/);
  }
});

describe('the vault', () => {
  test('is empty and zeroed once disposed', () => {
    const vault = new KeyVault(keyDerivation);
    const states =
      'src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\treplay-window 0\n\taead rfc4106(gcm(aes)) 0x0102030405060708090a0b0c0d0e0f1011121314 128\n\tanti-replay context: seq 0x0, oseq 0x5, bitmap 0x00000000\n';
    vault.see('before', collector('xfrm-state', 'node1'), states);
    const key = vault.keyOf(vault.associations[0]?.sa.aead);
    expect(key?.length).toBe(20);
    vault[Symbol.dispose]();
    expect([...(key ?? [1])].every((byte) => byte === 0)).toBe(true);
    expect(vault.associations).toEqual([]);
  });

  test('reads both forms of the key file', () => {
    using vault = new KeyVault(keyDerivation);
    const secret = (line: string) => `data:\n  keys: ${Buffer.from(line).toString('base64')}\n`;
    vault.see('before', collector('key-secret', null), secret(`4 hmac(sha256) ${'ab'.repeat(32)} cbc(aes) ${'cd'.repeat(16)}`));
    vault.see('before', collector('key-secret', null), secret('no key line'));
    expect(vault.globalKeys).toHaveLength(1);
    expect([...(vault.globalKeys[0]?.keys.keys() ?? [])]).toEqual(['hmac(sha256)', 'cbc(aes)']);
  });
});
