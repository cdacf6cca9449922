import { at } from '../../harness/judge/state/examination.ts';
import { wireguardCheck } from '../../harness/judge/state/state-check.ts';
import { deviceOf } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd01 = wireguardCheck(
  {
    id: 'WGD-01',
    title: 'device cilium_wg0, port 51871, fwmark by profile',
    evidence: 'wg show cilium_wg0 on every node, before and after',
    controls: ['L01', 'L02'],
  },
  (x, wireguard) => {
    const port = wireguard.port.value;
    const marks = wireguard.fwmarks.value;
    const printed = marks.map((m) => `0x${m.toString(16)}`).join(' or ');
    for (const node of x.nodes('before', 'after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.fault(`${at(node)}: there is no device ${wireguard.device}`);
        continue;
      }
      x.expect(device.listenPort === port, `${at(node)}: listening port ${device.listenPort ?? 'unknown'}, expected ${port}`);
      x.expect(
        device.fwmark !== undefined && marks.includes(device.fwmark),
        `${at(node)}: fwmark 0x${(device.fwmark ?? 0).toString(16)}, expected ${printed}`,
      );
    }
    return x.conclude(`device ${wireguard.device}, port ${port}, fwmark ${printed}`, 'device settings');
  },
);
