import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../suites/catalogue.ts';
import { judgeSample, type SampleChange } from '../../testing/sample-judge.ts';

/** Every node's `wg` fails as on a kernel without WireGuard; `ip link` lists these interfaces. */
function withoutKernelWireguard(links: string): NonNullable<SampleChange['output']> {
  return (output) => {
    // The sample lists no interfaces: the place of another output that this check does not read is taken.
    if (output.collector === 'uname') return { ...output, collector: 'ip-link', stdout: links };
    return output.collector.startsWith('wg-')
      ? { ...output, stdout: '', exitCode: 1, stderr: 'Unable to access interface: Protocol not supported\n' }
      : output;
  };
}

const LO = '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000\n';
const WIREGUARD = '9: cilium_wg0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420 qdisc fq state UNKNOWN mode DEFAULT group default qlen 500\n';

describe('a kernel without WireGuard', () => {
  test('and without the device: there is none, which contradicts', async () => {
    expect((await judgeSample(catalogue, 'WGD-01', 'wireguard', { output: withoutKernelWireguard(LO) })).verdict).toBe('contradicts');
  });

  test('with a device that is implemented in user space elsewhere: it cannot be read, which decides nothing', async () => {
    const finding = await judgeSample(catalogue, 'WGD-01', 'wireguard', { output: withoutKernelWireguard(LO + WIREGUARD) });
    expect(finding.verdict).toBe('inconclusive');
    expect(finding.reason).toContain('its implementation is in user space');
  });
});
