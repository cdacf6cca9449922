import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('LIF life cycle of agents, pods and nodes under load', () => {
  witness('LIF-01', 'agent restart under load: no plaintext, no loss beyond budget');
  witness('LIF-02', 'pods created and deleted under load: first and last packets encrypted or dropped, never clear');
  witness('LIF-03', 'node joins/leaves: no plaintext; peers and SAs follow within the bound');
  witness('LIF-04', 'disabling encryption: the harness sees it, leftovers are listed');
  witness('LIF-05', 'upgrade: encrypted through the whole roll-out, both encapsulation orders allowed in the window');
  witness('LIF-06', 'fail closed: with the SA, peer or ipcache entry gone, traffic is dropped, not clear');
});
