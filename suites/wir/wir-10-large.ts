import type { Check } from '../../harness/judge/check.ts';
import { cipherOf } from '../../harness/judge/wire/vantage-points.ts';
import { encryptedFlows, judgedView } from '../wire-view.ts';

/** A ciphertext frame of at least this many bytes has (a part of) a large packet. */
const LARGE_FRAME = 1000;

/** WIR-10: packets above the path MTU are as protected as small ones. */
export const wir10: Check = {
  id: 'WIR-10',
  must: 'Large and fragmented packets stay encrypted',
  modes: ['ipsec', 'wireguard'],
  evidence: 'flows with payload above the path MTU, ciphertext sizes and fragments on the wire',
  subject: 'plaintext',
  needs: ['capture'],
  clearPhaseIsControl: true,
  remedy:
    "Compare the MTUs: `ip link` of the uplink, `ip route get POD-ADDRESS` and the pod's own route (encryption needs 77 to 80 bytes, with IPsec and with WireGuard). Set `MTU` with Helm if the underlay's MTU is smaller than that of the interface.",
  judge(x) {
    const view = judgedView(x);
    const ids = new Set(x.facts.manifest.traffic.filter((t) => t.largeBytes !== undefined).map((t) => t.id));
    const large = encryptedFlows(x).filter((f) => ids.has(f.id));
    if (large.length === 0) return x.set('not-exercised', 'no large flow was driven');
    for (const f of large) {
      if (f.verdict === 'contradicts') x.fault(f.reason, { flow: f.id });
      else if (f.verdict === 'inconclusive') x.gap(`${f.id}: ${f.reason}`, { flow: f.id });
      else if (f.verdict === 'supports') x.held();
    }
    if (x.clean && large.every((f) => f.verdict !== 'supports')) return x.set('not-exercised', 'no large flow had to leave its node');
    const cipher = cipherOf(view);
    const largest = Math.max(0, ...cipher.map((c) => c.largest));
    const sizes = `largest ciphertext frame ${largest} bytes, ${cipher.reduce((n, c) => n + c.fragments, 0)} fragment(s)`;
    x.observe(sizes);
    if (largest < LARGE_FRAME) x.gap(`no ciphertext of a large packet on the wire: ${sizes}`);
    else x.note(sizes);
    return x.conclude('large flows');
  },
};
