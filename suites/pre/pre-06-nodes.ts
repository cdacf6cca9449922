import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { overlap, sameAddress } from '../../harness/judge/state/networks.ts';
import type { ApiState } from '../../harness/judge/state/node-state.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { NodeObject } from '../../harness/stacks/agent-items.ts';

/** What was judged must be the whole cluster, as its API describes it. */
export const pre06: Check = {
  id: 'PRE-06',
  must: "The judged nodes are those of the cluster's list: the same nodes, addresses, pod CIDRs and boot ids, and each publishes the key id in use",
  modes: ['ipsec', 'wireguard'],
  evidence: '{nodeObject} objects before and after, ip xfrm state of every node',
  needs: ['node-objects'],
  remedy: `Compare with \`{getNodes} -o yaml\`. A node that was not judged needs a worker or a demo pod; a pod CIDR or address that was not captured is not covered by any verdict. If a node publishes key id 0, the others send to it in the clear: {restartAgents} of that node.`,
  judge(x) {
    const { run, cluster } = x.facts.manifest;
    for (const api of x.facts.state.api.filter(({ snapshot }) => snapshot === 'before' || snapshot === 'after')) {
      const objects = x.use(api.nodeObjects);
      if (objects === undefined) continue;
      const where = `API server ${api.snapshot}`;
      if (objects.length === 0) x.gap(`${where}: the list of ${x.words.nodeObject}s is empty`);
      // Nodes join and leave if that is the scenario; LIF-03 judges it.
      const moving = run.scenario === 'node-join' || run.scenario === 'node-leave';
      for (const node of cluster.nodes) {
        const own = objects.filter(({ name }) => name === node.name);
        if (own.length > 1) x.fault(`${where}: there are ${own.length} ${x.words.nodeObject}s ${node.name}`);
        const [object] = own;
        if (object !== undefined) compare(x, where, node, object, objects, run.scenario === 'node-restart');
        else if (!moving && objects.length > 0) x.fault(`${where}: there is no ${x.words.nodeObject} ${node.name}`);
      }
      for (const { name } of objects)
        if (!moving && !cluster.nodes.some((node) => node.name === name))
          x.fault(`${where}: ${x.words.nodeObject} ${name} belongs to a node that was not judged`);
      keyIds(x, where, api, objects);
    }
    return x.conclude('nodes');
  },
};

function compare(
  x: Examination,
  where: string,
  node: NodeDescription,
  object: NodeObject,
  all: readonly NodeObject[],
  restarts: boolean,
): void {
  const what = `${where}: ${x.words.nodeObject} ${node.name}`;
  const faults: string[] = [];
  const known = [...node.addresses, ...node.internalAddresses];
  for (const { ip, type } of object.addresses)
    if (type !== 'ExternalIP' && !known.some((own) => sameAddress(own, ip)))
      faults.push(`has the address ${ip} (${type}), which was not examined`);
  for (const [kind, addresses] of [
    ['internal address', node.internalAddresses],
    ['InternalIP', node.addresses.slice(0, 1)],
  ] as const)
    for (const own of addresses)
      if (!object.addresses.some(({ ip, type }) => sameAddress(ip, own) && (kind !== 'InternalIP' || type === kind)))
        faults.push(`lacks the ${kind} ${own}, at which its traffic was judged`);
  for (const cidr of object.podCidrs)
    if (!node.podCidrs.some((own) => sameAddress(own, cidr))) faults.push(`has the pod CIDR ${cidr}, which was not examined`);
  // With multi-pool and ENI the object lists no CIDR, and the pods' addresses are used instead.
  if (object.podCidrs.length > 0)
    for (const own of node.podCidrs)
      if (!object.podCidrs.some((cidr) => sameAddress(cidr, own))) faults.push(`lacks the pod CIDR ${own}, by which it was judged`);
  // All nodes give addresses to pods in the same way, and have the same version of the agents.
  if (object.podCidrs.length === 0 && all.some(({ podCidrs }) => podCidrs.length > 0)) faults.push('lists no pod CIDR, though others do');
  if (object.bootId === undefined && all.some(({ bootId }) => bootId !== undefined)) faults.push('has no boot id, though others do');
  for (const other of all)
    if (other !== object && other.name !== object.name)
      for (const cidr of object.podCidrs)
        if (other.podCidrs.some((theirs) => overlap(cidr, theirs))) faults.push(`shares the pod CIDR ${cidr} with ${other.name}`);
  // A node that is restarted has another one afterwards; LIF-07 judges it.
  if (!restarts && node.bootId !== undefined && object.bootId !== undefined && node.bootId !== object.bootId)
    faults.push(`has the boot id ${object.bootId}, the recorder read ${node.bootId}`);
  x.expect(faults.length === 0, `${what} ${faults.join(', ')}`);
}

/** Others send in the clear to a node that publishes no key id or 0, and with another key to a node that publishes another id. */
function keyIds(x: Examination, where: string, api: ApiState, objects: readonly NodeObject[]): void {
  const { profile } = x;
  if (x.facts.manifest.intent.mode === 'wireguard') {
    const due = profile.wireguard?.keyId.value;
    // Only if agents of the version publish it.
    if (due === undefined || profile.agent?.wireguardNodeKey !== true) return;
    for (const { name, encryptionKey } of objects)
      x.expect(
        encryptionKey === due,
        `${where}: ${x.words.nodeObject} ${name} publishes key id ${encryptionKey ?? 'none'}, expected ${due}`,
      );
    return;
  }
  for (const { name, encryptionKey } of objects) {
    const node = x.facts.state.nodes.find((n) => n.node === name && n.snapshot === api.snapshot);
    const held = node?.xfrmStates.ok === true ? new Set(node.xfrmStates.value.map((sa) => Number(sa.spi))) : null;
    if (encryptionKey === undefined || encryptionKey === 0)
      x.fault(
        `${where}: ${x.words.nodeObject} ${name} publishes key id ${encryptionKey ?? 'none'}: the other nodes send to it in the clear`,
      );
    else if (held !== null)
      x.expect(
        held.has(encryptionKey),
        `${where}: ${x.words.nodeObject} ${name} publishes key id ${encryptionKey}, its kernel has SAs of key id ${[...held].join(', ') || 'none'}`,
      );
  }
}
