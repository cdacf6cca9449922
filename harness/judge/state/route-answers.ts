import { decodeIpRouteGet } from '../../decode/kernel/ip-route.ts';
import type { Recording } from '../../model/recording.ts';
import type { Datum, RouteAnswer } from './node-state.ts';
import { outputsOf, type Place, unknown } from './read-datum.ts';

/** The answers of every `ip route get` at a place, each with the destination and the mark it was asked with. */
export async function readRouteAnswers(recording: Recording, place: Place): Promise<Datum<readonly RouteAnswer[]>> {
  const outputs = await outputsOf(recording, place, 'ip-route-get');
  if (!outputs.ok) return outputs;
  const answers: RouteAnswer[] = [];
  for (const { command, text } of outputs.value) {
    const { items, unparsed } = decodeIpRouteGet(text);
    const route = items[0];
    const destination = command.argv[command.argv.indexOf('get') + 1];
    if (route === undefined || destination === undefined || unparsed.length > 0)
      return unknown(place, 'ip-route-get', `the answer of \`${command.argv.join(' ')}\` was not understood`, [command.stdout]);
    const mark = command.argv.includes('mark') ? Number(command.argv[command.argv.indexOf('mark') + 1]) : 0;
    // The kernel repeats the mark that it was asked with.
    if (route.mark !== undefined && route.mark !== mark)
      return unknown(place, 'ip-route-get', `asked with mark ${hex(mark)}, it answered for mark ${hex(route.mark)}`, [command.stdout]);
    answers.push({ destination, mark, route });
  }
  return { ...outputs, value: answers };
}

function hex(mark: number): string {
  return `0x${mark.toString(16)}`;
}
