import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('XFR the kernel’s IPsec state', () => {
  witness(
    'XFR-01',
    'for every ordered node pair and family an out SA here and the matching in SA there (src, dst, SPI); none missing, none unexplained',
  );
  witness('XFR-02', 'algorithm and strength meet the policy table (AES-GCM 128/256, CBC+HMAC-SHA2; others flagged), both ends alike');
  witness(
    'XFR-03',
    'per-tunnel keys: as many distinct keys as directed tunnels; same key at both ends (compared by keyed hash, keys never stored)',
  );
  witness(
    'XFR-04',
    'where the derivation is known for the version, each SA’s key equals the one derived from the Secret, addresses and boot ids',
  );
  witness('XFR-05', 'marks and output marks by profile');
  witness('XFR-06', 'policies: out for every remote pod CIDR, in and fwd by profile, templates point at existing SAs');
  witness('XFR-07', 'fail-closed block policy present, v4 and v6, where the profile has one');
  witness('XFR-08', 'error counters (/proc/net/xfrm_stat, all of them, by name) do not grow over the window, beyond a stated allowance');
  witness('XFR-09', 'counters of each SA grow by what the wire capture shows for its SPI (within a stated tolerance)');
  witness('XFR-10', 'sequence headroom: projected exhaustion at the measured rate, ESN on with +, replay window by profile');
  witness(
    'XFR-11',
    'no SA or policy left from an older key or from disabled encryption; the block policy left behind by 1.18+ is named, and is a fault where WireGuard follows (it blocks WireGuard’s own mark)',
  );
});
