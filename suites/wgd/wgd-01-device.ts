import type { Check } from '../../harness/judge/check.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { agentInterfaces, deviceOf } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd01: Check = {
  id: 'WGD-01',
  must: 'The WireGuard device is there, with the port and the firewall mark of the profile',
  modes: ['wireguard'],
  evidence: 'wg show {wireguardDevice} on every node, before and after',
  needs: ['host-shell'],
  remedy: `See it on the named node: \`ip -d link show {wireguardDevice}\` and \`wg show {wireguardDevice}\`. {restartAgents} creates it again; if the port is in use (\`ss -lunp | grep {wireguardPort}\`), stop the program that uses it.`,
  judge(x) {
    const { wireguard } = x;
    const port = wireguard.port.value;
    const marks = wireguard.fwmarks.value;
    const printed = marks.map((m) => `0x${m.toString(16)}`).join(' or ');
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.fault(`${at(node)}: there is no device ${wireguard.device}`, { node: node.node });
        continue;
      }
      x.expect(device.listenPort === port, `${at(node)}: listening port ${device.listenPort ?? 'unknown'}, expected ${port}`, {
        node: node.node,
      });
      x.expect(
        device.fwmark !== undefined && marks.includes(device.fwmark),
        `${at(node)}: fwmark 0x${(device.fwmark ?? 0).toString(16)}, expected ${printed}`,
        { node: node.node },
      );
      for (const said of agentInterfaces(node))
        if (said.listenPort !== undefined)
          x.expect(
            said.listenPort === device.listenPort,
            `${at(node)}: the agent says port ${said.listenPort}, the device has ${device.listenPort ?? 'none'}`,
            { node: node.node },
          );
    }
    return x.conclude('device settings', `device ${wireguard.device}, port ${port}, fwmark ${printed}`);
  },
};
