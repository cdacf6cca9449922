import { stringify } from 'yaml';
import { LOG_CUT } from '../model/recording.ts';
import type { CommandResult, Shell } from '../model/shell.ts';
import type { Kube } from './kube.ts';
import { KubeError } from './kube-error.ts';
import { type KubeObject, nodeOfPod } from './object.ts';

/** What kubectl's syntax can ask for: apiVersion and kind by the plural. */
export type ApiKinds = Readonly<Record<string, readonly [apiVersion: string, kind: string]>>;

const KINDS: ApiKinds = {
  configmap: ['v1', 'ConfigMap'],
  secret: ['v1', 'Secret'],
  pods: ['v1', 'Pod'],
};

/**
 * `kubectl get` and `kubectl logs` without kubectl: the commands of the collectors, answered by the API server through the client.
 *
 * @param own kinds of the stack, in addition to those of every cluster
 */
export function apiShell(kube: Kube, own: ApiKinds): Shell {
  const kinds = { ...KINDS, ...own };
  const run = async (argv: readonly string[]): Promise<CommandResult> => {
    try {
      const stdout = argv.includes('logs') ? await logOf(kube, argv) : stringify(await answer(kube, argv, kinds));
      return { argv, exitCode: 0, stdout, stderr: '' };
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

/** Flags of `logs`; the field selector, which kubectl has only for `get pods`, names the node. */
const LOG_WORDS =
  /^kubectl -n (\S+) logs --selector=(\S+) --field-selector=spec\.nodeName=(\S+) --container=(\S+) --since=(\d+)s --limit-bytes=(\d+)$/;

/** The log of a node's pod. A log that reaches the limit was cut by the server, and its last line says so. */
async function logOf(kube: Kube, argv: readonly string[]): Promise<string> {
  const [, namespace = '', selector, node, container = '', since, limit] = LOG_WORDS.exec(argv.join(' ')) ?? [];
  if (selector === undefined) throw new KubeError(argv.join(' '), { message: 'only the log of the pod of a node can be read here' });
  const pods = await kube.list('v1', 'Pod', namespace, selector);
  const pod = pods.find((each) => nodeOfPod(each) === node && each.metadata.deletionTimestamp === undefined);
  if (pod === undefined) throw new KubeError(argv.join(' '), { status: 404, reason: 'NotFound', message: `no pod on ${node}` });
  const limitBytes = Number(limit);
  const text = await kube.log(namespace, pod.metadata.name, container, { sinceSeconds: Number(since), limitBytes });
  // An empty answer comes as undefined.
  const log = text ?? '';
  return Buffer.byteLength(log) < limitBytes ? log : `${log}\n${LOG_CUT}\n`;
}

async function answer(kube: Kube, argv: readonly string[], kinds: ApiKinds): Promise<unknown> {
  const words = argv.slice(1);
  const flag = words.indexOf('-n');
  const [, namespace] = flag === -1 ? [] : words.splice(flag, 2);
  const [verb, plural = '', name, ...format] = words[2] === '-o' ? [words[0], words[1], undefined, ...words.slice(2)] : words;
  const kind = kinds[plural];
  if (argv[0] !== 'kubectl' || verb !== 'get' || kind === undefined || format.join(' ') !== '-o yaml')
    throw new KubeError(argv.join(' '), {
      message: `only \`kubectl [-n NAMESPACE] get ${Object.keys(kinds).join('|')} [NAME] -o yaml\` can be read here`,
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

/** managedFields are long and say nothing about encryption. */
function withoutTimes(object: KubeObject): object {
  const { metadata, ...rest } = object;
  const { managedFields: _, ...kept } = metadata as Record<string, unknown>;
  return JSON.parse(JSON.stringify({ ...rest, metadata: kept })) as object;
}
