import { createServer, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { startLab } from '../lab.ts';
import { netnsOf } from '../topology/plan.ts';
import type { AcceleratorChoice } from '../vm/accelerator.ts';
import { removeState, writeState } from './state.ts';

/** The last line of the holder: the lab is up and the state is written. */
export const READY_LINE = 'lab-ready';
/** Prefix of the last line of a holder that could not start a lab. */
export const FAILED_PREFIX = 'lab-failed: ';

/** Start a lab and keep it until a command or a signal ends it, or the machine stops. Progress goes to standard output. */
export async function holdLab(nodes: number, accelerator: AcceleratorChoice): Promise<void> {
  const over = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => over.abort(new Error(`ended by ${name}`)));
  const waiting: Socket[] = [];
  {
    await using lab = await startLab({ nodes, accelerator, signal: over.signal, progress: (line) => console.log(line) });
    const control = join(dirname(lab.sshConfig), 'control');
    const ended = Promise.withResolvers<void>();
    over.signal.addEventListener('abort', () => ended.resolve(), { once: true });
    lab.gone.then(() => ended.resolve(), ended.reject);
    // Half-open, so that the sender of `down` knows by the close that everything is removed.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {}); // A caller that disconnected does not matter to the lab.
      socket.setEncoding('utf8').on('data', (word: string) => {
        if (word.trim() !== 'down') return socket.end();
        waiting.push(socket);
        return ended.resolve();
      });
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(control, resolve));
    await writeState({
      pid: process.pid,
      control,
      sshConfig: lab.sshConfig,
      startedAt: new Date().toISOString(),
      nodes: lab.description.nodes.map(({ name, addresses }) => ({ name, addresses: [...addresses] })),
      pods: lab.description.pods.map(({ name, namespace, node, addresses }) => ({
        name: `${namespace}/${name}`,
        node,
        netns: netnsOf(namespace, name),
        addresses: [...addresses],
      })),
    });
    console.log(READY_LINE);
    try {
      await ended.promise;
    } finally {
      await removeState();
      server.close();
    }
  }
  for (const socket of waiting) socket.end();
}
