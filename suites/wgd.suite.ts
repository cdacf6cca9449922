import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('WGD WireGuard', () => {
  witness('WGD-01', 'device cilium_wg0, port 51871, fwmark by profile');
  witness('WGD-02', 'peers on each node = all other nodes, none besides');
  witness(
    'WGD-03',
    'public key on the device = CiliumNode annotation network.cilium.io/wg-pub-key = what the agent prints = what every peer has',
  );
  witness('WGD-04', 'allowed-ips cover every remote pod CIDR/IP (and node IP where due), no overlap between peers');
  witness('WGD-05', 'latest handshake within 180 s on every pair that carried traffic');
  witness('WGD-06', 'rx/tx of each peer grow by what the wire shows');
});
