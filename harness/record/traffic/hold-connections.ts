import { readFile } from 'node:fs/promises';
import { nodePairs } from '../../model/node-pairs.ts';
import type { RunningCommand } from '../../model/shell.ts';
import { eachOf } from '../../proc/each-of.ts';
import type { RecordingSession } from '../session.ts';
import { thenAlways } from '../then-always.ts';
import { streamWords } from './flow-words.ts';
import { planFlows } from './plan-flows.ts';
import { ANSWER_MS } from './waits.ts';

/** The program that holds connections, read once. */
const program = readFile(new URL('./hold.pl', import.meta.url), 'utf8');

/** Sources that open their connections at the same time. */
const SOURCES_AT_ONCE = 3;
/** Milliseconds to start the program on a busy machine, before it waits for answers. */
const START_MS = 60_000;

/** Do something while each pod has an open TCP connection to every other pod that it sends to, on which a request was answered. */
export async function withHeldConnections(session: RecordingSession, work: () => Promise<void>): Promise<void> {
  const { cluster, intent, writer, signal, sample } = session;
  const flows = planFlows(cluster.description, intent, 'all', nodePairs(cluster.description, sample)).filter(
    ({ protocol, source, destination, bytes }) => protocol === 'tcp' && source.kind === 'pod' && destination.kind === 'pod' && bytes === 0,
  );
  const running: RunningCommand[] = [];
  const held: Record<string, string> = {};
  await thenAlways(
    async () => {
      await eachOf(
        Map.groupBy(flows, ({ source }) => source.name),
        SOURCES_AT_ONCE,
        async ([name, own]) => {
          const targets = own.map((flow) => {
            const [, family, , hex, port] = streamWords(flow);
            return [family, hex, port].join(',');
          });
          const argv = ['perl', '-e', await program, String(ANSWER_MS), ...targets];
          const command = await cluster.workloads.shell(name).start(argv, signal === undefined ? {} : { signal });
          running.push(command);
          held[name] = await command.ready(/^held \d+ of \d+$/, START_MS + ANSWER_MS);
        },
      );
      writer.event('connections-held', { held });
      await work();
    },
    async () => {
      await Promise.all(running.map((command) => command.stop()));
    },
    (error) => writer.event('window-cleanup-failed', { problem: String(error) }),
  );
}
