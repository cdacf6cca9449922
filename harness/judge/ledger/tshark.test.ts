import { execFile, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, globSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { WIREGUARD_TYPES } from '../../decode/wire/wireguard.ts';
import { examineCapture } from './ledger.ts';

const FIXTURES = fileURLToPath(new URL('../../../../shared/fixtures/', import.meta.url));
const run = promisify(execFile);

/** Healthy captures; on broken ones (the fuzzers' files) the two tools may differ in where they give up. */
const PCAPS = [
  'ndpi__esp.pcapng', 'ndpi__ipsec_isakmp_esp.pcap', 'ndpi__mullvad_wireguard.pcap', 'ndpi__vxlan.pcap', 'scapy__ikev2_nat_t.pcapng', 'spicyipsec__ipsec.cap',
  'spicywg__tailscale_linux.pcap', 'tcpdump__02-sunrise-sunset-esp.pcap', 'tcpdump__08-sunrise-sunset-esp2.pcap', 'tcpdump__espudp1.pcap', 'tcpdump__vxlan_port_8472.pcap',
  'zeek__geneve.pcap', 'zeek__geneve-many-options.pcap', 'zeek__ip6_esp.pcap', 'zeek__vxlan.pcap', 'suricata__vxlan.pcap',
]; // biome-ignore format: a list of names

interface Row {
  spi: string;
  sequence: string;
  wireguard: string;
  outer: string;
}

/** SAs with the null cipher (an echo request is readable behind the header): ESP by its number to tshark, in the clear to us. */
const NULL_CIPHER = new Set(['zeek__ip6_esp.pcap 0x0000000d', 'zeek__ip6_esp.pcap 0x00000017']);

async function byTshark(file: string): Promise<Row[]> {
  const fields = ['esp.spi', 'esp.sequence', 'wg.type', 'ip.src', 'ip.dst'].flatMap((field) => ['-e', field]);
  const preferences = ['ip.defragment:FALSE', 'ipv6.defragment:FALSE', 'udp.check_checksum:FALSE'].flatMap((p) => ['-o', p]);
  const decode = ['-d', 'udp.port==8472,vxlan', '-d', 'udp.port==51871,wg'];
  const { stdout } = await run('tshark', ['-n', '-r', file, ...preferences, ...decode, '-T', 'fields', '-E', 'separator=|', ...fields], {
    maxBuffer: 1 << 26,
  });
  return stdout.trimEnd().split('\n').map((line) => {
    const [spi, sequence, wireguard, src, dst] = line.split('|');
    return { spi: spi!, sequence: sequence!, wireguard: wireguard!, outer: `${src!.split(',')[0]}>${dst!.split(',')[0]}` };
  }); // biome-ignore format: one pipeline
}

async function byLedger(file: string): Promise<(Row & { ipv4: boolean; class: string })[]> {
  const rows: (Row & { ipv4: boolean; class: string })[] = [];
  await examineCapture(createReadStream(file), { file }, (frame) => {
    rows.push({
      spi: frame.spi === null ? '' : `0x${frame.spi.toString(16).padStart(8, '0')}`,
      sequence: frame.sequence === null ? '' : String(frame.sequence),
      wireguard: frame.wireguardType === null ? '' : String(frame.wireguardType),
      outer: `${frame.outerSrc}>${frame.outerDst}`,
      ipv4: frame.outerSrc?.includes('.') ?? false,
      class: frame.class,
    });
  });
  return rows;
}

test('frame by frame the same SPIs, sequence numbers, WireGuard types and addresses as tshark', async (ctx) => {
  ctx.skip(!existsSync(FIXTURES), 'the fixtures folder does not lie beside the project');
  ctx.skip(spawnSync('tshark', ['--version']).error !== undefined, 'tshark is not installed');
  const files = [
    ...PCAPS.map((name) => `${FIXTURES}pcaps/${name}`),
    ...globSync(`${FIXTURES}cilium/*/*.wire.pcap`),
    ...globSync(`${FIXTURES}lab/{wg,ips,frag}*.wire.pcap`),
  ];
  let compared = 0;
  for (const file of files) {
    const [theirs, ours] = await Promise.all([byTshark(file), byLedger(file)]);
    expect(ours.length, file).toBe(theirs.length);
    ours.forEach(({ ipv4, class: theClass, ...row }, i) => {
      const other = theirs[i]!;
      const outer = ipv4 ? other.outer : row.outer;
      if (NULL_CIPHER.has(`${basename(file)} ${other.spi}`)) {
        expect({ spi: row.spi, class: theClass }, `${file} ${i + 1}`).toEqual({ spi: '', class: 'clear' });
        return;
      }
      expect({ file, frame: i + 1, ...row }).toEqual({ file, frame: i + 1, ...other, outer });
      compared++;
    });
  }
  expect(compared).toBeGreaterThan(10_000);
  expect(WIREGUARD_TYPES).toHaveLength(5);
});
