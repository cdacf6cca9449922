import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('CFG configuration', () => {
  witness('CFG-01', 'enable-ipsec / enable-wireguard true in the running config');
  witness(
    'CFG-02',
    'key Secret parses: id[+] algo key icv or id[+] auth key enc key, id 1-15, key length fits the algorithm, ICV 96/128/256; only fingerprints are recorded',
  );
  witness('CFG-03', 'per-tunnel keys (+): absence is GHSA-pwqm-x5x6-5586, reported with its text');
  witness('CFG-04', 'direct routing: the encryption interface is the one the node traffic uses');
  witness('CFG-05', 'node encryption as intended, opt-out labels listed');
  witness('CFG-06', 'strict mode as intended and really present (renamed keys are silently ignored by newer charts)');
  witness(
    'CFG-07',
    'encrypt status agrees with the kernel: keys in use, max sequence (compared as numbers), error count, decryption interfaces',
  );
});
