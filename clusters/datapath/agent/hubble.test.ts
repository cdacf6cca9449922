import { expect, test } from 'vitest';
import type { PodDescription } from '../../../harness/model/cluster.ts';
import type { Shell } from '../../../harness/model/shell.ts';
import { decodeHubbleFlows } from '../../../harness/stacks/cilium/decode/hubble-flows.ts';
import { hubbleCommands } from '../../../harness/stacks/cilium/hubble-command.ts';
import { monitorPlan } from '../plan/monitor.ts';
import { layoutProfile } from '../profile.ts';
import { plannedNodes } from '../testdata/planned-nodes.ts';
import { clusterViews, type View } from '../topology.ts';
import { hubbleAnswer } from './hubble.ts';

const NODES = plannedNodes(2);
const PODS: PodDescription[] = [{ name: 'a', namespace: 'demo', node: 'node1', addresses: ['10.0.1.11'], labels: {} }];
const view = clusterViews(NODES, PODS, ['ipv4'])[0] as View;

/** What nft 1.0.6 prints of the set. */
const LISTED = `table inet cilium_datapath {
	set marked {
		type ipv4_addr . ipv4_addr . inet_proto . inet_service . inet_service
		size 8192
		flags dynamic
		elements = { 10.0.1.11 . 10.0.2.11 . 17 . 40000 . 9000,
			     172.18.0.1 . 172.18.0.2 . 17 . 51871 . 51871,
			     10.0.1.99 . 10.0.2.11 . 6 . 4000 . 80 }
	}
}
`;
const host = {
  name: 'node1',
  run: async (argv: readonly string[]) => ({ argv, exitCode: 0, stdout: LISTED, stderr: '' }),
} as unknown as Shell;
const ask = (profile: string, command: readonly string[] | undefined) =>
  hubbleAnswer((command ?? []).slice(1), { profile: layoutProfile(profile), view, host, pods: PODS });

test('what left with the mark is told, as the recorder asks: the pods of the run, and the node', async () => {
  const [ofPods, ofNode] = hubbleCommands({ pods: PODS }, NODES[0]!);
  const told = async (command: readonly string[] | undefined) => {
    const answer = await ask('1.20', command);
    return 'stdout' in answer
      ? decodeHubbleFlows(answer.stdout).items.map(({ source, protocol, dport, encrypted }) => [source, protocol, dport, encrypted])
      : answer;
  };
  expect(await told(ofPods)).toEqual([['10.0.1.11', 'udp', 9000, true]]);
  expect(await told(ofNode)).toEqual([['172.18.0.1', 'udp', 51_871, true]]);
});

test('before 1.19 there is no such option', async () => {
  expect(await ask('1.18', hubbleCommands({ pods: PODS }, NODES[0]!)[0])).toEqual({ stderr: 'unknown flag: --encrypted\n', exitCode: 1 });
});

test('the datapath notes what leaves by the uplink with the mark', () => {
  expect(monitorPlan(view).nft?.join('\n')).toContain('oifname "eth0" meta mark & 0xf00 == 0xe00 meta nfproto ipv4');
});
