import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('ROT key rotation under load', () => {
  witness('ROT-01', 'new key id = old + 1 (15 -> 1), published by all nodes within the bound');
  witness('ROT-02', 'while both keys live, both work; the timeline of SPIs per node and direction is in the report');
  witness('ROT-03', 'no flow loses more than the stated budget (default 0 lost requests)');
  witness('ROT-04', 'no plaintext at any moment of the window');
  witness('ROT-05', 'after the grace time the old SPI is on no node and on no wire');
  witness('ROT-06', 'the key really changed: new fingerprints, none equal to an old one');
  witness('ROT-07', 'the session key changes without an outage (new handshake within 2-3 minutes under load, both directions)');
});
