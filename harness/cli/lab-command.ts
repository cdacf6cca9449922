import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FAILED_PREFIX, READY_LINE } from '../../clusters/lab/background/hold.ts';
import { type LabState, runningLab, stateFolder, tell } from '../../clusters/lab/background/state.ts';
import { withLock } from '../../clusters/lab/image/cache.ts';
import { type AcceleratorChoice, wantedAccelerator } from '../../clusters/lab/vm/accelerator.ts';
import { startDetached } from '../proc/detached.ts';
import { runInteractive } from '../proc/interactive.ts';
import { quoteArgv } from '../proc/quote.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { Interruption } from '../run/interruption.ts';

/** `wirewitness lab up`: a lab in the background. A second call finds the first one's lab. */
export async function labUpCommand({ nodes, accelerator }: { nodes: number; accelerator?: AcceleratorChoice }): Promise<number> {
  if (!Number.isInteger(nodes) || nodes < 2 || nodes > 9) throw ExitError.usage(`--nodes ${nodes}: a lab for people has 2 to 9 nodes`);
  const choice = wantedAccelerator(accelerator);
  using interruption = new Interruption();
  const folder = await stateFolder();
  return withLock(
    join(folder, 'up.lock'),
    300_000,
    async () => {
      const running = await runningLab();
      if (running === undefined) {
        const here = import.meta.url;
        const holder = fileURLToPath(new URL(`../../clusters/lab/background/holder${extname(here)}`, here));
        let failed: string | undefined;
        const onLine = (line: string): void => {
          if (line.startsWith(FAILED_PREFIX)) failed = line.slice(FAILED_PREFIX.length);
          else process.stderr.write(`${line}\n`);
        };
        await startDetached({
          argv: [process.execPath, holder, String(nodes), choice],
          logFile: join(folder, 'holder.log'),
          readyLine: READY_LINE,
          onLine,
          signal: interruption.signal,
        }).catch((error: unknown) => {
          throw failed === undefined ? error : ExitError.environment(failed);
        });
      }
      return labStatusCommand({});
    },
    interruption.signal,
  );
}

/** `wirewitness lab shell PLACE [COMMAND…]`: a terminal or one command in a node, a pod or on the wire; its exit code is ours. */
export async function labShellCommand(place: string, command: readonly string[] = []): Promise<number> {
  const state = await runningLab();
  if (state === undefined) throw ExitError.environment('no lab is running; start one with `wirewitness lab up`');
  const netns = namespaceOf(state, place);
  const inside = netns === undefined ? '' : `ip netns exec ${netns} `;
  const prompt = quoteArgv([`PS1=${place}# `]);
  const [terminal, shell] = process.stdin.isTTY ? ['-t', 'dash -i'] : ['-T', 'dash -s'];
  const script = command.length > 0 ? `exec ${inside}${quoteArgv(command)}` : `export ${prompt}; exec ${inside}${shell}`;
  return runInteractive(['ssh', '-F', state.sshConfig, terminal, 'lab', script]);
}

/** `wirewitness lab status`. */
export async function labStatusCommand({ json = false }: { json?: boolean }): Promise<number> {
  const state = await runningLab();
  if (json) process.stdout.write(`${JSON.stringify(state === undefined ? { running: false } : { running: true, ...state }, null, 2)}\n`);
  else process.stdout.write(state === undefined ? 'no lab is running\n' : describe(state));
  return EXIT.supports;
}

/** `wirewitness lab down`: resolves when all of it is removed. */
export async function labDownCommand(): Promise<number> {
  const state = await runningLab();
  const ended = state !== undefined && (await tell(state, 'down'));
  process.stdout.write(ended ? 'the lab is down\n' : 'no lab is running\n');
  return EXIT.supports;
}

function namespaceOf(state: LabState, place: string): string | undefined {
  if (place === 'wire') return undefined;
  const found = state.nodes.some(({ name }) => name === place) ? place : state.pods.find(({ name }) => name === place)?.netns;
  if (found !== undefined) return found;
  const places = ['wire', ...state.nodes.map(({ name }) => name), ...state.pods.map(({ name }) => name)];
  throw ExitError.usage(`the lab has no ${place}; it has ${places.join(', ')}`);
}

function describe(state: LabState): string {
  const pods = state.pods.map((pod) => `  ${pod.name}  ${pod.addresses.join(' ')}  on ${pod.node}`);
  const nodes = state.nodes.map((node) => `  ${node.name}  ${node.addresses.join(' ')}`);
  return [`a lab runs since ${state.startedAt}`, 'nodes', ...nodes, 'pods', ...pods, 'wire', '  br-lab'].join('\n').concat('\n');
}
