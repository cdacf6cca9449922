import type { Instant } from '../../../model/recording.ts';
import type { AttackTopic } from '../attack.ts';
import type { Writable } from '../draft.ts';

function move(instant: Writable<Instant>, ms: number): void {
  instant.monotonicMs += ms;
  instant.utc = new Date(Date.parse(instant.utc) + ms).toISOString();
}

export const windows: AttackTopic = {
  topic: 'windows',
  root: 'what was captured and driven around a change is listed, and not compared with the time of the change',
  manipulations: [
    {
      id: 'losses',
      what: 'requests were lost while the key was rotated',
      on: ['rotation'],
      variants: ['10', '100'],
      turns: ['ROT-03'],
      edit: (draft, count) => {
        for (const flow of draft.manifest.traffic) {
          if (flow.phase !== 'window' || flow.load === undefined) continue;
          flow.answered = Math.max(0, flow.answered - Number(count));
          flow.load.longestGapMs = 4000;
        }
      },
    },
    {
      id: 'window-sentinel',
      what: 'plaintext of a pod was seen while the key was rotated',
      on: ['rotation'],
      turns: ['ROT-04'],
      edit: (draft) => {
        let leak: Uint8Array | undefined;
        draft.frames({ phase: 'clear', vantage: 'wire' }, (frames) => {
          leak = frames.find(({ bytes }) => bytes[23] === 17 && bytes[36] === 0x21 && bytes[37] === 0x18)?.bytes;
          return leak === undefined ? frames : [...frames, { us: frames.at(-1)?.us ?? 0n, bytes: leak }];
        });
        const found = leak;
        if (found === undefined) throw new RangeError('the clear phase has no frame of the tunnel');
        draft.frames({ phase: 'window', kind: 'sentinel' }, (frames) => {
          const middle = Math.floor(frames.length / 2);
          return [...frames.slice(0, middle), { us: frames[middle]?.us ?? 0n, bytes: found }, ...frames.slice(middle)];
        });
      },
    },
    {
      id: 'window-captures',
      what: 'a capture of the rotation ended before it, began after it, or was not taken',
      on: ['rotation'],
      variants: ['sentinel ends early', 'sentinel begins late', 'cipher ends early', 'no sentinel', 'no cipher'],
      turns: [],
      edit: (draft, what) => {
        const kind = what.includes('sentinel') ? ('sentinel' as const) : ('cipher' as const);
        if (what.startsWith('no ')) {
          draft.forgetCaptures({ phase: 'window', kind });
          return;
        }
        const step = draft.events.find(({ event, detail }) => event === 'rotation-step' && detail.name === 'switched');
        for (const capture of draft.captures({ phase: 'window', kind })) {
          if (step === undefined) continue;
          if (what.endsWith('early')) capture.stoppedAt = { ...step.at };
          else capture.startedAt = { ...step.at };
        }
      },
    },
    {
      id: 'window-load',
      what: 'the load ran before the key was rotated, or after it: nothing crossed the change',
      on: ['rotation'],
      variants: ['-20000', '60000'],
      turns: [],
      edit: (draft, ms) => {
        for (const flow of draft.manifest.traffic) {
          if (flow.phase !== 'window') continue;
          move(flow.startedAt, Number(ms));
          move(flow.endedAt, Number(ms));
        }
      },
    },
  ],
};
