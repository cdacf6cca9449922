import type { Instant, Phase } from '../../../model/recording.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft, Writable } from '../draft.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const HOUR = 3_600_000;
const WIRE = ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04'];

function shift(at: Writable<Instant>, ms: number): void {
  at.utc = new Date(Date.parse(at.utc) + ms).toISOString();
  at.monotonicMs += ms;
}

function moveFlows(draft: RecordingDraft, phase: Phase, ms: number): void {
  for (const flow of draft.manifest.traffic.filter((t) => t.phase === phase)) {
    shift(flow.startedAt, ms);
    shift(flow.endedAt, ms);
  }
}

function line(draft: RecordingDraft, name: string, key?: string, value?: string): Writable<RecordingDraft['events'][number]> {
  const found = draft.events.find(({ event, detail }) => event === name && (key === undefined || detail[key] === value));
  if (found === undefined) throw new RangeError(`the journal has no ${name}`);
  return found;
}

export const times: AttackTopic = {
  topic: 'times',
  root: 'the times of the instruments, of the traffic and of what was done are written down and not compared',
  manipulations: [
    {
      id: 'flows-elsewhere',
      what: 'the flows were driven an hour after the captures, or before them',
      on: BOTH,
      variants: ['after', 'before'],
      turns: WIRE,
      edit: (draft, when) => moveFlows(draft, 'encrypted', when === 'after' ? HOUR : -HOUR),
    },
    {
      id: 'flows-by-one-clock',
      what: 'the flows were driven an hour later by one of the two clocks',
      on: BOTH,
      variants: ['utc', 'monotonic'],
      turns: WIRE,
      edit: (draft, clock) => {
        for (const flow of draft.manifest.traffic.filter((t) => t.phase === 'encrypted'))
          for (const at of [flow.startedAt, flow.endedAt])
            if (clock === 'utc') at.utc = new Date(Date.parse(at.utc) + HOUR).toISOString();
            else at.monotonicMs += HOUR;
      },
    },
    {
      id: 'tap-late',
      what: 'the tap was started after the first flow, or stopped before the last',
      on: BOTH,
      variants: ['started', 'stopped'],
      turns: WIRE,
      edit: (draft, what) => {
        const flows = draft.manifest.traffic.filter((t) => t.phase === 'encrypted');
        const middle = flows[Math.floor(flows.length / 2)]?.startedAt;
        if (middle === undefined) throw new RangeError('there is no flow');
        for (const capture of draft.captures({ phase: 'encrypted', vantage: 'wire' }))
          if (what === 'started') capture.startedAt = { ...middle };
          else capture.stoppedAt = { ...middle };
      },
    },
    {
      id: 'window-captures',
      what: 'the captures of the window began after the change had, or ended before it',
      on: ['rotation'],
      variants: ['sentinel began late', 'sentinel ended early', 'cipher began late', 'cipher ended early'],
      turns: [],
      edit: (draft, what) => {
        const kind = what.startsWith('sentinel') ? 'sentinel' : 'cipher';
        const at = what.endsWith('late') ? line(draft, 'rotation-started').at : line(draft, 'rotation-step').at;
        for (const capture of draft.captures({ phase: 'window', kind }))
          if (what.endsWith('late')) {
            capture.startedAt = { ...at };
            shift(capture.startedAt, 100);
          } else capture.stoppedAt = { ...at };
      },
    },
    {
      id: 'load',
      what: 'the load did not go on through the change: it began after it had, or ended before it',
      on: ['rotation'],
      variants: ['began late', 'ended early', 'an hour later'],
      turns: ['ROT-03', 'ROT-04'],
      edit: (draft, what) => {
        if (what === 'an hour later') return moveFlows(draft, 'window', HOUR);
        const at = line(draft, what === 'began late' ? 'rotation-ended' : 'rotation-started').at;
        for (const flow of draft.manifest.traffic.filter((t) => t.phase === 'window'))
          if (what === 'began late') flow.startedAt = { ...at };
          else flow.endedAt = { ...at };
      },
    },
    {
      id: 'change-elsewhere',
      what: 'the change was made before the window, after it, or the journal does not say when',
      on: ['rotation'],
      variants: ['before', 'after', 'no begin', 'no end'],
      turns: ['ROT-03', 'ROT-04'],
      edit: (draft, when) => {
        const name = when === 'no end' || when === 'after' ? 'rotation-ended' : 'rotation-started';
        if (when.startsWith('no ')) draft.events.splice(draft.events.indexOf(line(draft, name)), 1);
        else shift(line(draft, name).at, when === 'before' ? -HOUR : HOUR);
      },
    },
  ],
};
