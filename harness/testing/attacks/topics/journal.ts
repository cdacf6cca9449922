import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft, Writable } from '../draft.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard', 'rotation'];

function line(draft: RecordingDraft, name: string): Writable<RecordingDraft['events'][number]> {
  const found = draft.events.find(({ event }) => event === name);
  if (found === undefined) throw new RangeError(`the journal has no ${name}`);
  return found;
}

export const journal: AttackTopic = {
  topic: 'journal',
  root: 'the journal is kept beside the recording and not read',
  manipulations: [
    {
      id: 'other-run',
      what: 'the journal is of another run, scenario or fault',
      on: BOTH,
      variants: ['run', 'scenario', 'fault'],
      turns: ['EVI-02'],
      edit: (draft, what) => {
        (line(draft, 'run-started').detail as Record<string, unknown>)[what] = 'other';
      },
    },
    {
      id: 'last-word',
      what: 'its last word is that the run did not complete, or it has none',
      on: BOTH,
      variants: ['incomplete', 'note', 'missing', 'only the first line', 'empty'],
      turns: ['EVI-02'],
      edit: (draft, what) => {
        const { detail } = line(draft, 'run-ended') as { detail: Record<string, unknown> };
        if (what === 'incomplete') detail.complete = false;
        else if (what === 'note') detail.note = 'interrupted';
        else if (what === 'missing') draft.events.pop();
        else draft.events.splice(what === 'empty' ? 0 : 1);
      },
    },
    {
      id: 'line-missing',
      what: 'a line of the judged phase is missing',
      on: BOTH,
      variants: ['captures-starting', 'captures-ready', 'captures-stopped', 'traffic-ended', 'snapshot-started', 'snapshot-ended'],
      turns: ['EVI-02'],
      edit: (draft, name) => {
        draft.events.splice(draft.events.indexOf(line(draft, name)), 1);
      },
    },
    {
      id: 'stopped-early',
      what: 'the captures were stopped before the traffic had ended',
      on: BOTH,
      turns: ['EVI-02'],
      edit: (draft) => {
        const [ended, stopped] = [line(draft, 'traffic-ended'), line(draft, 'captures-stopped')];
        [ended.event, stopped.event] = [stopped.event, ended.event];
      },
    },
    {
      id: 'captures',
      what: 'the journal started a capture that the manifest does not have, or the other way round',
      on: BOTH,
      variants: ['one more', 'one less'],
      turns: ['EVI-02'],
      edit: (draft, what) => {
        const { detail } = line(draft, 'captures-starting') as { detail: Record<string, unknown> };
        const interfaces = detail.interfaces as readonly string[];
        detail.interfaces = what === 'one more' ? [...interfaces, 'node9/eth0'] : interfaces.slice(1);
      },
    },
    {
      id: 'order',
      what: 'lines stand in another order than their times',
      on: BOTH,
      turns: ['EVI-02'],
      edit: (draft) => {
        const second = draft.events.splice(1, 1);
        draft.events.splice(4, 0, ...second);
      },
    },
  ],
};
