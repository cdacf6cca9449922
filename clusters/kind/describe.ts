import type { Kube } from '../../harness/kube/kube.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { succeeded } from '../../harness/proc/run.ts';

/** A name and the pattern that finds its version in a line. */
const TOOLS: readonly (readonly [name: string, command: string, pattern: RegExp])[] = [
  ['kernel', 'uname -r', /(\S+)/],
  ['iproute2', 'ip -V', /iproute2-([\w.~-]+)/],
  ['tcpdump', 'tcpdump --version 2>&1 | head -n 1', /version ([\w.-]+)/],
  ['wireguard-tools', 'wg --version', /v?(\d[\w.-]*)/],
];

/** Versions, from the programs and the server. @param host a witness container */
export async function describeVersions(kube: Kube, host: Shell): Promise<Record<string, string>> {
  const script = TOOLS.map(([, command]) => command).join('; ');
  const lines = succeeded(await host.run(['sh', '-c', script], { timeoutMs: 30_000 }), host.name).stdout.split('\n');
  const versions: Record<string, string> = { kubernetes: await kube.version() };
  TOOLS.forEach(([name, , pattern], index) => {
    const version = pattern.exec(lines[index] ?? '')?.[1];
    if (version !== undefined) versions[name] = version;
  });
  return versions;
}
