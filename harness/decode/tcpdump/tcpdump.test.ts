import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeTcpdumpArgv } from './tcpdump-argv.ts';
import { decodeTcpdumpLog } from './tcpdump-log.ts';

const READY = 'tcpdump: listening on eth0, link-type EN10MB (Ethernet), snapshot length 262144 bytes';

describe('what tcpdump printed', () => {
  test('the ready line and the three closing counters, also in the singular', () => {
    const text = `${READY}\n1 packet captured\n12 packets received by filter\n0 packets dropped by kernel\n`;
    expect(decodeTcpdumpLog(text)).toEqual({
      ready: { line: READY, interface: 'eth0', snapLength: 262_144 },
      counters: { captured: 1, receivedByFilter: 12, droppedByKernel: 0 },
      droppedByInterface: 0,
    });
  });

  test('the fourth line, printed only when the interface dropped frames', () => {
    const text = `${READY}\n1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n7 packets dropped by interface\n`;
    expect(decodeTcpdumpLog(text).droppedByInterface).toBe(7);
  });

  test('a capture that did not print all three has no counters', () => {
    expect(decodeTcpdumpLog(`${READY}\n1 packet captured\n`).counters).toBeNull();
    expect(decodeTcpdumpLog('')).toEqual({ ready: null, counters: null, droppedByInterface: 0 });
  });

  test('the ready line of tcpdump before 4.99', () => {
    const old = 'tcpdump: listening on br0, link-type EN10MB (Ethernet), capture size 96 bytes';
    expect(decodeTcpdumpLog(old).ready).toEqual({ line: old, interface: 'br0', snapLength: 96 });
  });

  test('any text is read without an error', () => {
    fc.assert(fc.property(fc.string(), (text) => decodeTcpdumpLog(text).droppedByInterface >= 0));
  });
});

describe('the command line of tcpdump', () => {
  const recorded = 'tcpdump -n -Z root -i eth0 -s 262144 -B 4096 -U --immediate-mode -w /tmp/x.pcap'.split(' ');

  test('the recorder’s own command line', () => {
    expect(decodeTcpdumpArgv(recorded)).toEqual({ interface: 'eth0', snapLength: 262_144, filter: '', others: [] });
  });

  test('the filter follows the options', () => {
    expect(decodeTcpdumpArgv([...recorded, 'udp or', 'esp'])?.filter).toBe('udp or esp');
  });

  test('an option that may leave frames out is named', () => {
    const [program = '', ...rest] = recorded;
    expect(decodeTcpdumpArgv([program, '-Q', 'out', '-p', ...rest])?.others).toEqual(['-Q out', '-p']);
    expect(decodeTcpdumpArgv([program, '-c', '100', ...rest])).toMatchObject({ interface: 'eth0', filter: '', others: ['-c 100'] });
  });

  test('another program is not tcpdump', () => {
    expect(decodeTcpdumpArgv(['cp', 'a', 'b'])).toBeNull();
    expect(decodeTcpdumpArgv([])).toBeNull();
  });

  test('any command line is read without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const order = decodeTcpdumpArgv(['tcpdump', ...words]);
        expect(order?.filter.length).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
