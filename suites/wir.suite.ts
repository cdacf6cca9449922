import { describe } from 'vitest';
import { witness } from '../harness/testing/witness.ts';

describe('WIR the wire, every vantage, both directions, each family by itself', () => {
  witness('WIR-01', 'no frame of a flow that must be encrypted appears in the clear, outside or inside VXLAN/Geneve/any nesting');
  witness(
    'WIR-02',
    'each such flow is matched by ciphertext between the right nodes in the right direction: absence of plaintext alone is no proof',
  );
  witness(
    'WIR-03',
    'the canary is not on the wire, raw, base64, hex, UTF-16, or split over segments; and is seen at a clear vantage (pod side, cilium_wg0, or the un-encrypted phase)',
  );
  witness(
    'WIR-04',
    'every frame is accounted: classes add up to the file; unknown, malformed or truncated frames count as not encrypted; capture complete (kernel drops 0, beacon seen at start and end)',
  );
  witness('WIR-05', 'encapsulation order by profile: ESP in VXLAN up to 1.17, VXLAN in ESP from 1.18, plain ESP in native routing');
  witness('WIR-06', 'every SPI on the wire is an SA of the two nodes; none else');
  witness(
    'WIR-07',
    'sampled ESP frames decrypt with the kernel’s own keys to the expected flow (in memory while recording; the recording keeps only the result)',
  );
  witness('WIR-08', 'handshakes carry a mac1 valid for the published key of the receiver; message types, lengths, counters lawful');
  witness('WIR-09', 'no (SPI, sequence, IV) repeats with different content; sequence rises per SA');
  witness('WIR-10', 'large and fragmented packets, and path-MTU cases, stay encrypted');
  witness(
    'WIR-11',
    'flow matrix complete: pod-pod, pod-service, service-pod replies, pod-node, node-pod, node-node, host network; TCP, UDP, ICMP, each family; each with its treatment, tested or said not to be',
  );
  witness('WIR-12', 'same-node and by-design-clear traffic is listed with reason and count, never silently dropped');
  witness(
    'WIR-13',
    'the independent tap and the agents’ outbound captures agree (counts per flow within tolerance; inbound copies of decrypted packets set aside by profile)',
  );
});
