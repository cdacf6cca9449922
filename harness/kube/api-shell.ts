import { stringify } from 'yaml';
import type { CommandResult, Shell } from '../model/shell.ts';
import type { Kube } from './kube.ts';
import { KubeError } from './kube-error.ts';
import type { KubeObject } from './object.ts';

/** What can be asked for by kubectl's words. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  ciliumnodes: ['cilium.io/v2', 'CiliumNode'],
  configmap: ['v1', 'ConfigMap'],
  secret: ['v1', 'Secret'],
};

/** `kubectl get` without kubectl: the words of the collectors, answered by the API server through the client. */
export function apiShell(kube: Kube): Shell {
  const run = async (argv: readonly string[]): Promise<CommandResult> => {
    try {
      return { argv, exitCode: 0, stdout: stringify(await answer(kube, argv)), stderr: '' };
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      return {
        argv,
        exitCode: 1,
        stdout: '',
        stderr: `Error from server${error.reason === '' ? '' : ` (${error.reason})`}: ${error.message}\n`,
      };
    }
  };
  return {
    name: 'api',
    run,
    start: async (argv) => {
      const ended = run(argv);
      return { ended, stop: () => ended, ready: async () => (await ended).stdout.split('\n')[0] ?? '' };
    },
    fetch: async (remotePath) => {
      throw new KubeError(`fetch ${remotePath}`, { message: 'the API server holds no files' });
    },
  };
}

async function answer(kube: Kube, argv: readonly string[]): Promise<unknown> {
  const words = argv.slice(1);
  const flag = words.indexOf('-n');
  const [, namespace] = flag === -1 ? [] : words.splice(flag, 2);
  const [verb, plural = '', name, ...format] = words[2] === '-o' ? [words[0], words[1], undefined, ...words.slice(2)] : words;
  const kind = KINDS[plural];
  if (argv[0] !== 'kubectl' || verb !== 'get' || kind === undefined || format.join(' ') !== '-o yaml')
    throw new KubeError(argv.join(' '), {
      message: 'only `kubectl [-n NAMESPACE] get ciliumnodes|configmap|secret [NAME] -o yaml` is known here',
    });
  const [apiVersion, kindName] = kind;
  if (name === undefined) {
    const items = await kube.list(apiVersion, kindName, namespace);
    if (items.length === 0)
      throw new KubeError(argv.join(' '), { status: 404, reason: 'NotFound', message: `the server has no ${plural}` });
    return { apiVersion: 'v1', items: items.map(withoutTimes), kind: 'List', metadata: { resourceVersion: '' } };
  }
  const found = await kube.read({ apiVersion, kind: kindName, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } });
  if (found === undefined)
    throw new KubeError(argv.join(' '), { status: 404, reason: 'NotFound', message: `${plural} "${name}" not found` });
  return withoutTimes(found);
}

/** Who changed which field when is long and says nothing of encryption. */
function withoutTimes(object: KubeObject): object {
  const { metadata, ...rest } = object;
  const { managedFields: _, ...kept } = metadata as Record<string, unknown>;
  return JSON.parse(JSON.stringify({ ...rest, metadata: kept })) as object;
}
