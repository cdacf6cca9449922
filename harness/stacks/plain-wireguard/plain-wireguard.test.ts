import { expect, test } from 'vitest';
import { plainWireguard } from './plain-wireguard.ts';

test('a mesh by hand is restarted with wg-quick, flannel by its DaemonSet', () => {
  const restart = (profile: string) => plainWireguard.words({ profile }).restartAgents;
  expect(restart('mesh')).toContain('wg-quick down wg0');
  expect(restart('flannel')).toBe('`kubectl -n kube-flannel rollout restart ds/kube-flannel-ds`');
  expect(plainWireguard.words({ profile: 'flannel' })).toMatchObject({ wireguardDevice: 'flannel-wg', wireguardPort: '51820' });
});
