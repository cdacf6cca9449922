import { execFile, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { newAuthority } from '../../../clusters/tls/authority.ts';
import { examineCapture } from '../../judge/ledger/ledger.ts';
import { pcapFile } from '../../testing/capture-file.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../testing/packets.ts';
import { type TlsTraffic, tlsTraffic } from '../../testing/tls-traffic.ts';
import { EncryptedFlows } from './encrypted-flows.ts';
import { tlsGroupName, tlsSuiteName, tlsVersionName } from './registry.ts';

const FIXTURES = fileURLToPath(new URL('../../../../shared/fixtures/pcaps/', import.meta.url));
const run = promisify(execFile);
const FIELDS = [
  'ip.src',
  'tcp.srcport',
  'ip.dst',
  'tcp.dstport',
  'ciphersuite',
  'extensions.supported_version',
  'version',
  'extensions_key_share_group',
].map((name) => (name.includes('p.') && !name.startsWith('ext') ? name : `tls.handshake.${name}`));

/** Server's answers as tshark reads them: `client port server port` to version, suite and group. */
async function byTshark(file: string): Promise<Map<string, string>> {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const { stdout } = await run('tshark', ['-n', '-r', file, '-Y', 'tls.handshake.type==2', '-T', 'fields', '-E', 'separator=|', ...fields]);
  return new Map(
    stdout.split('\n').filter((line) => line !== '').map((line) => {
      const [src, sport, dst, dport, suite, chosen, version, group] = line.split('|').map((field) => field.split(',').at(-1)!);
      const name = chosen === '' ? tlsVersionName(Number(version)) : tlsVersionName(Number(chosen));
      return [`${dst} ${dport} ${src} ${sport}`, `${name} ${tlsSuiteName(Number(suite))} ${group === '' ? '' : tlsGroupName(Number(group))}`];
    }),
  ); // biome-ignore format: one pipeline
}

async function byDecoder(file: string): Promise<Map<string, string>> {
  const flows = new EncryptedFlows();
  await examineCapture(createReadStream(file), { file }, flows.note);
  const answered = flows.end().tls.filter(({ version, client }) => version !== null && !client.includes(':'));
  return new Map(
    answered.map((c) => [
      `${c.client} ${c.clientPort} ${c.server} ${c.serverPort}`,
      // tshark prints the group of TLS 1.3 only.
      `${c.version} ${c.suite} ${c.version === 'TLS 1.3' ? c.group : ''}`,
    ]),
  );
}

/** Sessions of this process's OpenSSL as a capture. */
async function ownCapture(): Promise<Buffer> {
  const authority = newAuthority();
  const lifetime = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 60_000) };
  const { certificate: cert, privateKey: key } = authority.issue({ uri: 'spiffe://cluster.local/ns/a/sa/b', ...lifetime });
  const frames: Buffer[] = [];
  const limits: readonly NonNullable<TlsTraffic['client']>[] = [
    {}, { ecdhCurve: 'X25519' }, { ecdhCurve: 'P-384' }, { ciphers: 'TLS_CHACHA20_POLY1305_SHA256' }, { ciphers: 'TLS_AES_128_GCM_SHA256' },
    { maxVersion: 'TLSv1.2' }, { maxVersion: 'TLSv1.2', ecdhCurve: 'P-256' }, { maxVersion: 'TLSv1.2', ciphers: 'eNULL:@SECLEVEL=0' },
  ]; // biome-ignore format: a list of sessions
  for (const [index, limit] of limits.entries()) {
    const writes = await tlsTraffic({ client: limit, server: { cert, key, ...limit }, request: 'question', answer: 'answer' });
    const next = { client: 1, server: 1 };
    for (const { side, bytes } of writes)
      for (let at = 0; at < bytes.length; at += 1200) {
        const part = bytes.subarray(at, at + 1200);
        const [src, dst] = side === 'client' ? ['10.0.1.11', '10.0.2.11'] : ['10.0.2.11', '10.0.1.11'];
        const [sport, dport] = side === 'client' ? [40_000 + index, 443] : [443, 40_000 + index];
        frames.push(ethernetFrame(ipv4Packet(src!, dst!, 6, tcpSegment(sport!, dport!, next[side], part))));
        next[side] += part.length;
      }
  }
  return pcapFile(frames);
}

test('the same versions, suites and groups as tshark', async (ctx) => {
  ctx.skip(spawnSync('tshark', ['--version']).error !== undefined, 'tshark is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'wirewitness-tls-'));
  try {
    const own = join(folder, 'own.pcap');
    writeFileSync(own, await ownCapture());
    const ours = await byDecoder(own);
    expect(ours.size).toBe(8);
    expect(ours).toEqual(await byTshark(own));
    // What other programs of the fixtures recorded: never TLS where tshark sees none.
    for (const file of existsSync(FIXTURES) ? globSync(`${FIXTURES}{ndpi__mullvad,ndpi__vxlan,spicywg}*.pcap*`) : []) {
      const found = await byDecoder(file);
      if (found.size > 0) expect(await byTshark(file), file).toEqual(new Map([...(await byTshark(file)), ...found]));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
