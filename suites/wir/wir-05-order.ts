import type { Check } from '../../harness/judge/check.ts';
import { type AddressOwner, addressOwners } from '../../harness/judge/wire/address-owners.ts';
import type { CipherAccount } from '../../harness/judge/wire/capture-facts.ts';
import { cipherOf } from '../../harness/judge/wire/vantage-points.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** WIR-05: the layers are in the order of this version. */
export const wir05: Check = {
  id: 'WIR-05',
  must: 'The order of encapsulation is that of the profile: ESP inside the tunnel up to 1.17, the tunnel inside ESP from 1.18, ESP alone with native routing',
  modes: ['ipsec'],
  evidence: 'layers around each ESP frame on the wire',
  subject: 'wire',
  restsOnProfile: true,
  needs: ['capture'],
  remedy:
    'See which versions run (`{listVersions}`) and claim that one (`--profile`, `--routing`); during an upgrade both orders occur until every agent has restarted.',
  judge(x) {
    const view = judgedView(x);
    const { intent, cluster } = x.facts.manifest;
    const esp = cipherOf(view).filter((c) => c.kind === 'esp');
    const owners = addressOwners(cluster);
    const orders = new Map<string, number>();
    for (const c of esp) {
      const order = orderOf(c, [owners.ownerOf(c.src), owners.ownerOf(c.dst)], intent.routing);
      orders.set(order, (orders.get(order) ?? 0) + c.frames);
    }
    x.observe([...orders].map(([order, n]) => `${order}: ${n} frame(s)`).join(', ') || 'no ESP frame');
    const { ipsec } = x;
    const { id } = x.profile;
    const wanted = ipsec.encapsulation[intent.routing];
    for (const [order, frames] of orders) {
      if (order === wanted.value) x.held(frames);
      else x.fault(`profile ${id} has ${wanted.value}, the wire shows ${order}: ${frames} frame(s)`);
    }
    expectWhole(x, view);
    return x.conclude('ESP frames', `${wanted.value} (${wanted.document})`);
  },
};

/**
 * The content of ESP cannot be read, but its addresses show it: a tunnel's packets run between node addresses, pod packets of native
 * routing between internal ones.
 */
function orderOf(account: CipherAccount, ends: readonly AddressOwner[], routing: string): string {
  const layers = account.layers.split('/');
  if (layers.includes('vxlan')) return 'esp-in-vxlan';
  if (layers.includes('geneve')) return 'esp-in-geneve';
  return routing !== 'native' && ends.every((e) => e.kind === 'node') ? `${routing}-in-esp` : 'esp';
}
