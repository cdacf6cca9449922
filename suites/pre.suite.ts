import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('PRE what we are looking at', () => {
  witness('PRE-01', 'what the cluster reports equals the intent (mode, node encryption, tunnel)');
  witness('PRE-02', 'every node’s kernel can do it: ESP + the AEAD, or WireGuard (>= 5.6 or backport)');
  witness('PRE-03', 'Cilium version known, one version everywhere, profile found; else inconclusive, never a guess');
  witness(
    'PRE-04',
    'agents healthy: all nodes ready, kvstore Ok where there is one, no level=warning/level=error about encryption in the logs of the window (allow-list with reasons)',
  );
  witness('PRE-05', 'clocks of nodes and recorder within a bound; else timelines are inconclusive');
});
