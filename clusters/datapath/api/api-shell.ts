import { stringify } from 'yaml';
import type { Shell } from '../../../harness/model/shell.ts';
import type { DatapathContext } from '../context.ts';
import { type Answer, simulatedShell } from '../simulated-shell.ts';
import { ciliumConfig, ciliumNodes, keySecretYaml, podTable } from './objects.ts';

/** Simulated API server for `kubectl get`: CiliumNode objects, the ConfigMap, the key Secret, the pods, the agents' logs. */
export function simulatedApiShell(context: DatapathContext): Shell {
  return simulatedShell('api', async (argv): Promise<Answer> => {
    const asked = question(argv);
    const node = / --field-selector=spec\.nodeName=(\S+) /.exec(asked)?.[1];
    if (node !== undefined && asked.startsWith('kube-system logs ')) return { stdout: logText(context, node) };
    switch (asked) {
      case 'get ciliumnodes -o yaml':
        return { stdout: stringify(ciliumNodes(context)) };
      case 'kube-system get configmap cilium-config -o yaml':
        return { stdout: stringify(ciliumConfig(context)) };
      case 'kube-system get secret cilium-ipsec-keys -o yaml': {
        const secret = keySecretYaml(context);
        if (secret === undefined) return { stderr: 'Error from server (NotFound): secrets "cilium-ipsec-keys" not found\n', exitCode: 1 };
        return { stdout: stringify(secret) };
      }
      case 'get pods -A -o wide':
        return { stdout: podTable(context) };
      default:
        return { stderr: `error: the lab's API does not know: ${argv.join(' ')}\n`, exitCode: 1 };
    }
  });
}

/** The command without the program, the namespace first. */
function question(argv: readonly string[]): string {
  const [program, ...words] = argv;
  if (program !== 'kubectl') return '';
  const flag = words.findIndex((word) => word === '-n' || word === '--namespace');
  if (flag === -1) return words.join(' ');
  const [, namespace = ''] = words.splice(flag, 2);
  return [namespace, ...words].join(' ');
}

/** The log of a node's agent, in the form of 1.18.3: its usual lines, and the lines that a fault adds. */
function logText(context: DatapathContext, node: string): string {
  const { profile, logged } = context;
  const said = [{ level: 'info', message: `Cilium ${profile.version} stand-in of ${node}` }, ...(logged.get(node) ?? [])];
  return said.map(({ level, message }) => `time=${new Date().toISOString()} level=${level} msg=${JSON.stringify(message)}\n`).join('');
}
