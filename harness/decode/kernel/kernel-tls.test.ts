import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeKernelTlsCounters, decodeKernelTlsSockets, kernelCipherOf } from './kernel-tls.ts';

/** As the lab printed them: iproute2 6.1, Linux 6.1. */
const KEYED =
  'ESTAB 0      0      10.0.1.13:50806 10.0.2.11:15008 ts sack cubic wscale:5,5 rto:212 rtt:8.341/14.388 ato:40 mss:1448 pmtu:1500 rcvmss:1193 advmss:1448 cwnd:10 bytes_sent:1401 bytes_acked:1402 bytes_received:1444 segs_out:11 segs_in:10 data_segs_out:5 data_segs_in:4 send 13888023bps lastsnd:372 lastrcv:324 lastack:324 pacing_rate 27773960bps delivery_rate 120666664bps delivered:6 app_limited busy:88ms rcv_space:14480 rcv_ssthresh:64088 minrtt:0.096 snd_wnd:64096 tcp-ulp-tls version: 1.3 cipher: aes-gcm-256 rxconf: sw txconf: sw                       ';
const PLAIN =
  'ESTAB 0      0      10.0.1.13:15008 10.0.1.12:43944 cubic wscale:5,5 rto:204 rtt:0.14/0.06 ato:40 mss:1448 pmtu:1500 rcvmss:965 advmss:1448 cwnd:10 snd_wnd:64096        ';
/** Without the module tcp_diag. */
const WITHOUT_INFORMATION =
  'ESTAB 0      0      10.0.1.13:54634 10.0.2.13:15008 ino:12489 sk:aa15e454 rto:0.2 ato:0.04 qack:12 cwnd:10 reordering:0      ';

test('counters of each pod', () => {
  const text =
    'pod default.pod-worker\nTlsCurrTxSw                     \t0\nTlsTxSw                         \t24\npod endor.a.b\nTlsTxSw \t7\n';
  expect(decodeKernelTlsCounters(text)).toEqual({
    items: [
      { pod: 'default/pod-worker', name: 'TlsCurrTxSw', value: 0 },
      { pod: 'default/pod-worker', name: 'TlsTxSw', value: 24 },
      { pod: 'endor/a.b', name: 'TlsTxSw', value: 7 },
    ],
    unparsed: [],
  });
});

test.each([
  ['a counter before any pod', 'TlsTxSw 1\n'],
  ['a counter without a value', 'pod a.b\nTlsTxSw\n'],
  ['another text', 'pod a.b\ncat: /proc/9/net/tls_stat: No such file or directory\n'],
])('%s is not understood', (_, text) => {
  expect(decodeKernelTlsCounters(text).unparsed).toHaveLength(1);
});

describe('sockets', () => {
  const read = (...lines: readonly string[]) => decodeKernelTlsSockets(`pod default.a\n${lines.join('\n')}\n`);

  test('with keys of the kernel and without', () => {
    expect(read(KEYED, PLAIN)).toEqual({
      items: [
        {
          pod: 'default/a',
          local: '10.0.1.13:50806',
          peer: '10.0.2.11:15008',
          tls: { version: 'TLS 1.3', cipher: 'aes-gcm-256', send: 'sw', receive: 'sw' },
        },
        { pod: 'default/a', local: '10.0.1.13:15008', peer: '10.0.1.12:43944', tls: null },
      ],
      unparsed: [],
    });
  });

  test('the kernel has keys for one direction, and none yet', () => {
    const changed = (ulp: string) => read(KEYED.replace(/tcp-ulp-tls.*/, ulp)).items[0]?.tls;
    expect(changed('tcp-ulp-tls version: 1.2 cipher: aes-gcm-128 rxconf: none txconf: hw')).toEqual({
      version: 'TLS 1.2',
      cipher: 'aes-gcm-128',
      send: 'hw',
      receive: 'none',
    });
    expect(changed('tcp-ulp-tls rxconf: none txconf: none')).toEqual({ version: null, cipher: null, send: 'none', receive: 'none' });
  });

  test('what ss could not ask the kernel about is not understood, nor a word it does not have', () => {
    expect(read(WITHOUT_INFORMATION).unparsed).toHaveLength(1);
    expect(read(KEYED.replace('txconf: sw', 'txconf: maybe')).unparsed).toHaveLength(1);
    expect(decodeKernelTlsSockets(`${KEYED}\n`).unparsed).toHaveLength(1);
  });

  test('of a connection that is over, or not there yet, nothing is said', () => {
    expect(read('TIME-WAIT 0 0 10.0.1.13:50806 10.0.2.11:15008', 'SYN-SENT 0 1 10.0.1.13:1 10.0.2.11:15008')).toEqual({
      items: [],
      unparsed: [],
    });
  });
});

test('ciphers of suites', () => {
  expect(kernelCipherOf('TLS_AES_256_GCM_SHA384')).toBe('aes-gcm-256');
  expect(kernelCipherOf('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')).toBe('aes-gcm-128');
  expect(kernelCipherOf('TLS_AES_128_CCM_SHA256')).toBe('aes-ccm-128');
  expect(kernelCipherOf('TLS_CHACHA20_POLY1305_SHA256')).toBe('chacha20-poly1305');
  expect(kernelCipherOf('TLS_RSA_WITH_AES_128_CBC_SHA')).toBeNull();
});

test('any text: never throws, and never makes keys out of it', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      decodeKernelTlsCounters(text);
      for (const { tls } of decodeKernelTlsSockets(text).items) expect(tls).toBeNull();
    }),
  );
});
