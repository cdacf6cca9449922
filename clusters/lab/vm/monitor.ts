import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two attempts to reach a monitor that does not listen yet. */
const PACE_MS = 20;

/**
 * Wait until QEMU unexpectedly no longer runs the guest: it pauses a guest that its accelerator cannot execute (`internal-error`) and then
 * continues to exist for ever. Follows the machine protocol (QMP): the state is asked for at the start and at each STOP event.
 *
 * @param socket path of the monitor's unix socket
 * @param signal ends the watch
 * @returns the run state's name; undefined when the monitor closed or the watch was ended
 */
export async function untilPaused(socket: string, signal: AbortSignal): Promise<string | undefined> {
  while (!signal.aborted) {
    const state = await follow(socket, signal);
    if (state !== 'not listening') return state;
    await delay(PACE_MS, undefined, { signal }).catch(() => {}); // Aborted: the loop ends.
  }
  return undefined;
}

interface Message {
  readonly QMP?: unknown;
  readonly event?: string;
  readonly return?: { readonly running?: boolean; readonly status?: string };
}

function follow(path: string, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const end = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    signal.addEventListener('abort', end, { once: true });
    const say = (execute: string): void => {
      socket.write(`${JSON.stringify({ execute })}\n`);
    };
    let connected = false;
    socket.once('connect', () => {
      connected = true;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!connected && ['ENOENT', 'ECONNREFUSED'].includes(error.code ?? '')) resolve('not listening');
      else if (['EPIPE', 'ECONNRESET'].includes(error.code ?? '')) resolve(undefined);
      else reject(error);
    });
    socket.once('close', () => {
      signal.removeEventListener('abort', end);
      resolve(undefined);
    });
    const take = (message: Message): void => {
      if (message.QMP !== undefined) {
        say('qmp_capabilities');
        say('query-status');
      } else if (message.event === 'STOP') say('query-status');
      else if (message.return?.running === false) {
        resolve(message.return.status ?? 'paused');
        socket.destroy();
      }
    };
    let unread = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${unread}${text}`.split('\n');
      unread = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') take(JSON.parse(line) as Message);
    });
  });
}
