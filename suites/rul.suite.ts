import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('RUL routing', () => {
  witness(
    'RUL-01',
    'ip rule by profile: fwmark 0xd00/0xf00 lookup 200 and fwmark 0xe00/0xf00 lookup 200 at priority 1 up to 1.18; other versions’ expectation; IPv6 too',
  );
  witness(
    'RUL-02',
    'table 200 by profile: local <own pod CIDR> dev cilium_vxlan proto 50 scope host, <remote CIDR> via <router> dev cilium_host (+ mtu)',
  );
  witness('RUL-03', 'the route the kernel would take for each remote pod leads where the profile says (ip route get with mark)');
});
