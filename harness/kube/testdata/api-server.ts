import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { endProcess, type LocalProcess, localProcess } from '../../proc/testdata/local-process.ts';
import type { KubeAction } from '../kube.ts';
import type { KubeObject } from '../object.ts';
import { acceptWebSocket } from './web-socket.ts';

/** What happens to one exec: it runs here after a delay, its connection is cut while it runs, or it is refused. */
export type ExecFate = { readonly delayMs?: number; readonly cutAfterMs?: number } | 'refused';

export interface ApiServerOptions {
  readonly objects: readonly KubeObject[];
  /** Environment of commands run by exec in a pod: a PATH with programs that answer as those of the pod. */
  readonly env?: (namespace: string, pod: string) => Readonly<Record<string, string>>;
  readonly fate?: (exec: { readonly namespace: string; readonly pod: string; readonly argv: readonly string[] }) => ExecFate;
  readonly may?: (action: KubeAction) => boolean;
  /** An HTTP status instead of the answer, by method and path. */
  readonly refuse?: (method: string, path: string) => number | undefined;
  readonly log?: (namespace: string, pod: string) => string;
}

/** An API server on this machine. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  /** A kubeconfig that leads to it, with one context `fake`. */
  readonly kubeconfig: string;
  readonly objects: KubeObject[];
  /** Command lines that were run by exec, without the wrapper. */
  readonly executed: string[][];
  /** Cut the connections of execs in these pods; the commands continue. */
  cut(pods: (pod: string) => boolean): void;
  /** Close every connection, do not answer for some time, then listen again at the same address. */
  restart(downMs: number): Promise<void>;
}

/** An exec that is connected. */
interface RunningExec {
  readonly pod: string;
  cut(): void;
}

const PLURALS: readonly (readonly [apiVersion: string, kind: string, plural: string, namespaced: boolean])[] = [
  ['v1', 'Node', 'nodes', false],
  ['v1', 'Namespace', 'namespaces', false],
  ['v1', 'Pod', 'pods', true],
  ['v1', 'Service', 'services', true],
  ['v1', 'Secret', 'secrets', true],
  ['v1', 'ConfigMap', 'configmaps', true],
  ['apps/v1', 'DaemonSet', 'daemonsets', true],
  ['apps/v1', 'Deployment', 'deployments', true],
  ['cilium.io/v2', 'CiliumNode', 'ciliumnodes', false],
];

/**
 * An API server as far as this program uses one: lists, reads, server-side apply, deletes, logs, access reviews and exec by websocket.
 * Pods run at once, DaemonSets have a pod on every node; exec runs the command on this machine.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const objects = [...options.objects];
  const executed: string[][] = [];
  const running = new Set<LocalProcess>();
  const execs = new Set<RunningExec>();
  const server = createServer((request, response) => {
    answer(request, response, objects, options).catch((error: Error) => reply(response, 500, { kind: 'Status', message: error.stack }));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    upgrade(request, socket, options, { executed, running, execs }).catch(() => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const cut = (pods: (pod: string) => boolean): void => {
    for (const exec of execs) if (pods(exec.pod)) exec.cut();
  };
  return {
    url,
    kubeconfig: stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'fake', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'fake', user: {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
      'current-context': 'fake',
    }),
    objects,
    executed,
    cut,
    restart: async (downMs) => {
      server.close();
      server.closeAllConnections();
      cut(() => true);
      await once(server, 'close');
      await pause(downMs);
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    [Symbol.asyncDispose]: async () => {
      // Commands whose connection was cut may still run.
      for (const child of running) endProcess(child);
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, all: KubeObject[], options: ApiServerOptions): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const { method = 'GET' } = request;
  const refused = options.refuse?.(method, url.pathname);
  if (refused !== undefined)
    return reply(response, refused, { kind: 'Status', reason: 'Forbidden', message: `${method} ${url.pathname} is forbidden` });
  if (url.pathname === '/version') return reply(response, 200, { gitVersion: 'v1.34.4' });
  if (url.pathname.endsWith('/selfsubjectaccessreviews')) {
    const review = JSON.parse(await bodyOf(request)) as { readonly spec: { readonly resourceAttributes: KubeAction } };
    const allowed = options.may?.(review.spec.resourceAttributes) ?? true;
    return reply(response, 201, { ...review, status: { allowed } });
  }
  const [, apiVersion = '', rest = ''] = /^\/(?:api\/(?=v1)|apis\/)(v1|[^/]+\/[^/]+)\/?(.*)$/.exec(url.pathname) ?? [];
  const known = PLURALS.filter(([version]) => version === apiVersion);
  if (rest === '') {
    if (known.length === 0) return reply(response, 404, { kind: 'Status', reason: 'NotFound', message: 'no such group' });
    const resources = known.map(([, kind, name, namespaced]) => ({ kind, name, namespaced, singularName: '', verbs: [] }));
    return reply(response, 200, { kind: 'APIResourceList', groupVersion: apiVersion, resources });
  }
  const parts = rest.split('/');
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts[1] : undefined;
  const [plural = '', name, sub] = namespace === undefined ? parts : parts.slice(2);
  const found = known.find(([, , each]) => each === plural);
  if (found === undefined) return reply(response, 404, { kind: 'Status', reason: 'NotFound', message: `no ${plural}` });
  if (sub === 'log') return reply(response, 200, options.log?.(namespace ?? '', name ?? '') ?? '');
  const [, kind, , namespaced] = found;
  const isIn = ({ metadata }: KubeObject): boolean => !namespaced || namespace === undefined || metadata.namespace === namespace;
  if (name === undefined) {
    const selector = url.searchParams.get('labelSelector') ?? '';
    const items = all.filter((object) => object.kind === kind && isIn(object) && selects(selector, object.metadata.labels ?? {}));
    return reply(response, 200, { kind: `${kind}List`, apiVersion, metadata: {}, items });
  }
  const index = all.findIndex((object) => object.kind === kind && object.metadata.name === name && isIn(object));
  if (method === 'PATCH') {
    const wanted = JSON.parse(await bodyOf(request)) as KubeObject;
    for (const made of asController(wanted, all)) {
      const before = all.findIndex((object) => same(object, made));
      if (before === -1) all.push(made);
      else all[before] = made;
    }
    return reply(response, 200, wanted);
  }
  const object = all[index];
  if (object === undefined) return reply(response, 404, { kind: 'Status', reason: 'NotFound', message: `${plural} "${name}" not found` });
  if (method === 'DELETE') {
    // Objects in a namespace, and pods of a DaemonSet, are removed with it.
    const gone = all.filter(
      (each) => each === object || (kind === 'Namespace' && each.metadata.namespace === name) || each.metadata.annotations?.owner === name,
    );
    for (const each of gone) all.splice(all.indexOf(each), 1);
  }
  return reply(response, 200, object);
}

function same(a: KubeObject, b: KubeObject): boolean {
  return a.kind === b.kind && a.metadata.name === b.metadata.name && a.metadata.namespace === b.metadata.namespace;
}

function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  return selector.split(',').every((part) => {
    const [key = '', value] = part.split('=');
    return part === '' || (value === undefined ? labels[key] !== undefined : labels[key] === value);
  });
}

const READY = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };

/** What a cluster creates from an applied object: pods run, a DaemonSet has its pods, a service its address. */
function asController(object: KubeObject, all: readonly KubeObject[]): KubeObject[] {
  const { kind, metadata } = object;
  const address = `127.0.${all.length % 250}.2`;
  if (kind === 'Pod') return [{ ...object, status: { ...READY, podIPs: [{ ip: address }] } }];
  if (kind === 'Service') return [{ ...object, spec: { ...(object.spec as object), clusterIPs: [address] } }];
  if (kind !== 'DaemonSet') return [object];
  const { template } = object.spec as { readonly template: { readonly metadata: KubeObject['metadata']; readonly spec: object } };
  const pods = all
    .filter((each) => each.kind === 'Node')
    .map(
      (node): KubeObject => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          ...template.metadata,
          name: `${metadata.name}-${node.metadata.name}`,
          namespace: metadata.namespace ?? 'default',
          annotations: { owner: metadata.name },
        },
        spec: { ...template.spec, nodeName: node.metadata.name },
        status: READY,
      }),
    );
  return [object, ...pods];
}

async function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  options: ApiServerOptions,
  { executed, running, execs }: { readonly executed: string[][]; readonly running: Set<LocalProcess>; readonly execs: Set<RunningExec> },
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake');
  const [, namespace = '', pod = ''] = /\/namespaces\/([^/]+)\/pods\/([^/]+)\/exec$/.exec(url.pathname) ?? [];
  const wrapped = url.searchParams.getAll('command');
  // sh -c SCRIPT wirewitness ID COMMAND…
  const argv = wrapped[3] === 'wirewitness' ? wrapped.slice(5) : wrapped;
  const fate = options.fate?.({ namespace, pod, argv }) ?? {};
  if (fate === 'refused') {
    socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    return;
  }
  executed.push(argv);
  const child = await new Promise<LocalProcess>((resolve) => {
    setTimeout(() => resolve(localProcess(wrapped, options.env?.(namespace, pod) ?? {})), fate.delayMs ?? 0);
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  const connection = acceptWebSocket(
    request,
    socket,
    'v4.channel.k8s.io',
    (bytes) => {
      if (bytes[0] === 0) child.stdin.write(bytes.subarray(1));
    },
    () => child.stdin.destroy(),
  );
  const exec: RunningExec = { pod, cut: () => connection.cut() };
  execs.add(exec);
  child.once('close', () => execs.delete(exec));
  child.stdin.on('error', () => {}); // The command ended without reading all of it.
  const send = (channel: number, bytes: Uint8Array): void => connection.send(Buffer.concat([Buffer.of(channel), bytes]));
  child.stdout.on('data', (bytes: Buffer) => send(1, bytes));
  child.stderr.on('data', (bytes: Buffer) => send(2, bytes));
  if (fate.cutAfterMs !== undefined) setTimeout(() => connection.cut(), fate.cutAfterMs);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  const failure = {
    status: 'Failure',
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
  send(3, Buffer.from(JSON.stringify(exitCode === 0 ? { status: 'Success' } : failure)));
  connection.close();
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const text = typeof body === 'string';
  response.writeHead(status, { 'content-type': text ? 'text/plain' : 'application/json' });
  response.end(text ? body : JSON.stringify(body));
}
