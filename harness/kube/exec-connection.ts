import type { KubeConfig } from '@kubernetes/client-node';
import { LIMITS_MS } from '../proc/limits.ts';

/** Where in the cluster to run. */
export interface ExecPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** What happens on an exec connection. */
export interface ExecListener {
  onStdout(bytes: Buffer): void;
  onStderr(bytes: Buffer): void;
  /** Called once: with the server's status, or with undefined and a reason when the connection ended without one. */
  onEnd(status: ExecStatus | undefined, reason: string): void;
}

/** The Status object with which the server closes an exec. */
export interface ExecStatus {
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string; readonly message?: string }[] };
}

/** An open exec. */
export interface ExecConnection {
  send(stdin: Uint8Array): void;
  /** Close it at once, without waiting for the remote side. */
  terminate(): void;
}

/** Channels of the remotecommand subprotocol (v4.channel.k8s.io). */
const CHANNEL = { stdin: 0, stdout: 1, stderr: 2, status: 3 } as const;
/** A server that does not answer a ping for this time is lost: a dropped connection gives no event. */
const PING_MS = 5_000;
const SILENCE_MS = 30_000;
/** Bytes of one message: API servers refuse large ones. */
const PIECE = 32_768;

/** What the socket of client-node (package ws) has in addition to the browser's WebSocket. */
interface Socket {
  on(event: 'close' | 'pong' | 'message' | 'error', listener: (...data: unknown[]) => void): void;
  ping(): void;
  terminate(): void;
  send(data: Uint8Array): void;
}

/**
 * Open an exec by websocket. client-node's own Exec gives no callback, no end and no error when the connection drops
 * (kubernetes-client/javascript#714), so its handler is used directly.
 * @throws Error naming the place: refused, forbidden, no such pod, no answer
 */
export async function openExec(
  config: KubeConfig,
  place: ExecPlace,
  argv: readonly string[],
  stdin: boolean,
  listener: ExecListener,
): Promise<ExecConnection> {
  const { Exec } = await import('@kubernetes/client-node');
  const query = new URLSearchParams([
    ['stdout', 'true'],
    ['stderr', 'true'],
    ['stdin', String(stdin)],
    ['tty', 'false'],
    ['container', place.container],
  ]);
  for (const word of argv) query.append('command', word);
  const path = `/api/v1/namespaces/${place.namespace}/pods/${place.pod}/exec?${query.toString()}`;
  let over = false;
  const end = (status: ExecStatus | undefined, reason: string): void => {
    if (over) return;
    over = true;
    clearInterval(pings);
    listener.onEnd(status, reason);
  };
  const onMessage = (channel: number, bytes: Buffer): boolean => {
    if (channel === CHANNEL.stdout) listener.onStdout(bytes);
    if (channel === CHANNEL.stderr) listener.onStderr(bytes);
    if (channel !== CHANNEL.status) return true;
    end(parseStatus(bytes), 'the status is not JSON');
    return false;
  };
  let pings: NodeJS.Timeout | undefined;
  const socket = await opened(new Exec(config).handler.connect(path, null, onMessage) as unknown as Promise<Socket>, place);
  let heard = performance.now();
  const hear = (): void => {
    heard = performance.now();
  };
  socket.on('pong', hear);
  socket.on('message', hear);
  socket.on('error', (error) => end(undefined, error instanceof Error ? error.message : String(error)));
  socket.on('close', (code) => end(undefined, `the server closed it (websocket code ${String(code)}) without a status`));
  pings = setInterval(() => {
    const silent = performance.now() - heard;
    if (silent > SILENCE_MS) {
      end(undefined, `no answer to a ping for ${Math.round(silent / 1000)} s`);
      socket.terminate();
    } else socket.ping();
  }, PING_MS);
  if (over) clearInterval(pings);
  return {
    send: (bytes) => {
      for (let at = 0; at < bytes.length; at += PIECE)
        socket.send(Buffer.concat([Buffer.of(CHANNEL.stdin), bytes.subarray(at, at + PIECE)]));
    },
    terminate: () => {
      end(undefined, 'it was closed by the caller');
      socket.terminate();
    },
  };
}

/** A failed upgrade rejects with an ErrorEvent, which is not an Error; one without an answer does not reject. */
async function opened(connecting: Promise<Socket>, { namespace, pod, container }: ExecPlace): Promise<Socket> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`no answer within ${LIMITS_MS.open} ms`));
    connecting.then(
      (socket) => socket.terminate(),
      () => {},
    ); // It opened after the limit: nobody waits for it any more.
  }, LIMITS_MS.open);
  try {
    return await Promise.race([connecting, late]);
  } catch (error) {
    const message = error instanceof Error ? error.message : (error as { message?: unknown }).message;
    throw new Error(`exec in ${namespace}/${pod} (${container}) was not opened: ${String(message ?? error)}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function parseStatus(bytes: Buffer): ExecStatus | undefined {
  try {
    return JSON.parse(bytes.toString('utf8')) as ExecStatus;
  } catch {
    // The caller then reports that there was no readable status.
    return undefined;
  }
}
