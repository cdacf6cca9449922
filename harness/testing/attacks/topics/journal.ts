import type { Phase, TrafficRecord } from '../../../model/recording.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft, Writable } from '../draft.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard', 'rotation'];

function line(draft: RecordingDraft, name: string): Writable<RecordingDraft['events'][number]> {
  const found = draft.events.find(({ event }) => event === name);
  if (found === undefined) throw new RangeError(`the journal has no ${name}`);
  return found;
}

/** The flows of a phase that have a word in their id. */
function flowsWith(draft: RecordingDraft, phase: Phase, word: string): Writable<TrafficRecord>[] {
  const found = draft.manifest.traffic.filter((flow) => flow.phase === phase && flow.id.includes(word));
  if (found.length === 0) throw new RangeError(`no flow ${word} was driven in the ${phase} phase`);
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
      id: 'flow-gone',
      what: 'one flow that was driven is not listed, though what became of it may be the one leak',
      on: BOTH,
      variants: [
        'open/',
        'pod-pod/tcp',
        'pod-pod/udp',
        'pod-pod/icmp',
        'pod-pod/large',
        'pod-service',
        'pod-node',
        'node-pod',
        'node-node',
        'same-node',
      ],
      turns: ['EVI-02'],
      edit: (draft, word) => {
        const [first] = flowsWith(draft, 'encrypted', word);
        draft.manifest.traffic = draft.manifest.traffic.filter((flow) => flow !== first);
      },
    },
    {
      id: 'flow-gone-before',
      what: 'one flow of the un-encrypted phase is not listed',
      on: BOTH,
      turns: ['EVI-02'],
      edit: (draft) => {
        const [first] = flowsWith(draft, 'clear', 'pod-pod');
        draft.manifest.traffic = draft.manifest.traffic.filter((flow) => flow !== first);
      },
    },
    {
      id: 'flow-gone-window',
      what: 'one stream of the load of the window is not listed',
      on: ['rotation'],
      variants: ['tcp', 'udp', 'icmp'],
      turns: ['EVI-02'],
      edit: (draft, word) => {
        const [first] = flowsWith(draft, 'window', word);
        draft.manifest.traffic = draft.manifest.traffic.filter((flow) => flow !== first);
      },
    },
    {
      id: 'flows-unnamed',
      what: 'the journal does not name the flows that were going to be driven',
      on: BOTH,
      turns: ['EVI-02'],
      edit: (draft) => {
        const kept = draft.events.filter(({ event }) => event !== 'traffic-planned');
        draft.events.splice(0, draft.events.length, ...kept);
      },
    },
    {
      id: 'flow-more',
      what: 'a flow is listed that nobody was going to drive, or one is listed twice',
      on: BOTH,
      variants: ['one more', 'twice'],
      turns: ['EVI-02'],
      edit: (draft, what) => {
        const [first] = flowsWith(draft, 'encrypted', 'pod-pod');
        if (first !== undefined) draft.manifest.traffic.push(what === 'twice' ? { ...first } : { ...first, id: `${first.id}/more` });
      },
    },
    {
      id: 'flow-canary',
      what: 'a flow is listed with a canary that it did not carry: nobody would see it',
      on: BOTH,
      variants: ['open/', 'pod-pod', 'node-node'],
      turns: ['EVI-02'],
      edit: (draft, word) => {
        for (const flow of flowsWith(draft, 'encrypted', word).slice(0, 1)) flow.canary = 'ee'.repeat(16);
      },
    },
    {
      id: 'one-clock',
      what: 'a line has another time of day than its other clock says',
      on: BOTH,
      variants: ['captures-stopped', 'encryption-enabled', 'snapshot-ended', 'beacons', 'traffic-planned'],
      turns: ['EVI-02'],
      edit: (draft, name) => {
        const { at } = line(draft, name);
        at.utc = new Date(Date.parse(at.utc) + 3_600_000).toISOString();
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
    {
      id: 'journal-run',
      what: 'the journal is that of another run',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => {
        const [first] = draft.events;
        if (first !== undefined) first.detail.run = '2026-01-01T000000000Z-00000000';
      },
    },
    {
      id: 'journal-incomplete',
      what: 'the last word of the journal is that the run did not complete',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => {
        const last = draft.events.at(-1);
        if (last !== undefined) last.detail = { complete: false, note: 'interrupted' };
      },
    },
    {
      id: 'journal-scenario',
      what: 'the journal says that another scenario was recorded, or a fault injected',
      on: ['wireguard'],
      variants: ['scenario', 'fault'],
      turns: ['EVI-02'],
      edit: (draft, which) => {
        const [first] = draft.events;
        if (first !== undefined) first.detail[which] = which === 'scenario' ? 'disable' : 'L01';
      },
    },
    {
      id: 'journal-fault',
      what: 'the journal says that a fault was injected, and the manifest does not',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => {
        const at = draft.events.find(({ event }) => event === 'encryption-enabled')?.at;
        if (at !== undefined)
          draft.events.splice(3, 0, { at: { ...at }, event: 'fault', detail: { fault: 'L03', moment: 'after-enable' } });
      },
    },
    {
      id: 'journal-stopped',
      what: 'the journal says that the captures were stopped before the traffic ended',
      on: ['wireguard'],
      turns: [],
      edit: (draft) => {
        const ended = draft.events.find(({ event, detail }) => event === 'traffic-ended' && detail.phase === 'encrypted');
        const stopped = draft.events.find(({ event, detail }) => event === 'captures-stopped' && detail.phase === 'encrypted');
        if (ended !== undefined && stopped !== undefined) [ended.at, stopped.at] = [stopped.at, ended.at];
      },
    },
    {
      id: 'journal-gone',
      what: 'the journal lacks what must have happened',
      on: ['wireguard'],
      variants: ['run-started', 'captures-ready', 'encryption-enabled', 'traffic-ended', 'captures-stopped', 'run-ended', 'beacons'],
      turns: [],
      edit: (draft, event) => {
        const kept = draft.events.filter((line) => line.event !== event);
        draft.events.splice(0, draft.events.length, ...kept);
      },
    },
    {
      id: 'journal-empty',
      what: 'the journal is empty',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => {
        draft.events.splice(0);
      },
    },
    {
      id: 'journal-order',
      what: 'the journal runs backwards',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => {
        const [first, ...rest] = draft.events;
        if (first !== undefined) draft.events.splice(0, draft.events.length, first, ...rest.reverse());
      },
    },
    {
      id: 'plan',
      what: 'the claim was changed after the run had begun: the journal holds the digest of another one',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) => draft.keepPlan(),
    },
  ],
};
