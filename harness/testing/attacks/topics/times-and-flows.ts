import type { Instant } from '../../../model/recording.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import type { RecordingDraft, Writable } from '../draft.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const TAP = { phase: 'encrypted', vantage: 'wire' } as const;

function move(instant: Writable<Instant>, ms: number): void {
  instant.monotonicMs += ms;
  instant.utc = new Date(Date.parse(instant.utc) + ms).toISOString();
}

function eachFlow(draft: RecordingDraft, change: (flow: Writable<RecordingDraft['manifest']['traffic'][number]>) => void): void {
  for (const flow of draft.manifest.traffic) if (flow.phase === 'encrypted') change(flow);
}

export const timesAndFlows: AttackTopic = {
  topic: 'times-and-flows',
  root: 'times of captures, traffic, readings and changes are recorded and not compared, and flows are believed as they are listed',
  manipulations: [
    {
      id: 'tap-late',
      what: 'the tap was started after the flows, or while they ran',
      on: BOTH,
      variants: ['after', 'in the middle'],
      turns: [],
      edit: (draft, when) => {
        const flows = draft.manifest.traffic
          .filter(({ phase }) => phase === 'encrypted')
          .sort((a, b) => a.startedAt.monotonicMs - b.startedAt.monotonicMs);
        const flow = when === 'after' ? flows.at(-1) : flows[Math.floor(flows.length / 2)];
        for (const capture of draft.captures(TAP)) if (flow !== undefined) capture.startedAt = { ...flow.endedAt };
      },
    },
    {
      id: 'tap-early',
      what: 'the tap was stopped before the flows, or while they ran',
      on: BOTH,
      variants: ['before', 'in the middle'],
      turns: [],
      edit: (draft, when) => {
        const flows = draft.manifest.traffic
          .filter(({ phase }) => phase === 'encrypted')
          .sort((a, b) => a.startedAt.monotonicMs - b.startedAt.monotonicMs);
        const flow = when === 'before' ? flows[0] : flows[Math.floor(flows.length / 2)];
        for (const capture of draft.captures(TAP)) if (flow !== undefined) capture.stoppedAt = { ...flow.startedAt };
      },
    },
    {
      id: 'flows-elsewhen',
      what: 'the flows were driven at another time than the captures ran',
      on: ['wireguard'],
      variants: ['3600000', '-3600000', '86400000'],
      turns: [],
      edit: (draft, ms) =>
        eachFlow(draft, (flow) => {
          move(flow.startedAt, Number(ms));
          move(flow.endedAt, Number(ms));
        }),
    },
    {
      id: 'frames-elsewhen',
      what: 'the frames of the tap are of another time than its record',
      on: BOTH,
      variants: ['an hour before', 'a day after'],
      turns: [],
      edit: (draft, when) =>
        draft.frames(TAP, (frames) =>
          frames.map((frame) => ({ ...frame, us: frame.us + (when === 'an hour before' ? -3_600_000_000n : 86_400_000_000n) })),
        ),
    },
    {
      id: 'readings-elsewhen',
      what: 'the second reading of the kernel was made before the traffic, or long after it',
      on: BOTH,
      variants: ['before the traffic', 'a day after'],
      turns: [],
      edit: (draft, when) => {
        const first = Math.min(
          ...draft.manifest.traffic.filter(({ phase }) => phase === 'encrypted').map(({ startedAt }) => startedAt.monotonicMs),
        );
        for (const command of draft.commands({ snapshot: 'after' })) {
          const by = when === 'a day after' ? 86_400_000 : first - 500 - command.endedAt.monotonicMs;
          move(command.startedAt, by);
          move(command.endedAt, by);
        }
      },
    },
    {
      id: 'encryption-later',
      what: 'encryption was turned on after the judged traffic',
      on: BOTH,
      turns: [],
      edit: (draft) => {
        const last = draft.events.find(({ event, detail }) => event === 'traffic-ended' && detail.phase === 'encrypted');
        for (const event of draft.events) if (/^encryption-enabl/.test(event.event) && last !== undefined) event.at = { ...last.at };
        draft.events.sort((a, b) => a.at.monotonicMs - b.at.monotonicMs);
      },
    },
    {
      id: 'canary-unsent',
      what: 'the canaries that are looked for were never sent: nobody would see them',
      on: BOTH,
      variants: ['in the judged phase', 'in both phases'],
      turns: [],
      edit: (draft, where) => {
        let count = 0;
        for (const flow of draft.manifest.traffic) {
          if (flow.phase === 'clear' && where === 'in the judged phase') continue;
          count += 1;
          flow.canary = count.toString(16).padStart(32, 'a');
        }
      },
    },
    {
      id: 'one-canary',
      what: 'every flow of the judged phase is listed with one canary',
      on: BOTH,
      turns: [],
      edit: (draft) => {
        const [first] = draft.manifest.traffic.filter(({ phase }) => phase === 'encrypted');
        eachFlow(draft, (flow) => {
          flow.canary = first?.canary ?? flow.canary;
        });
      },
    },
    {
      id: 'unanswered',
      what: 'no request was answered: nothing shows that anything flowed',
      on: BOTH,
      variants: ['all', 'between pods', 'one flow'],
      turns: ['WIR-11'],
      edit: (draft, which) => {
        let left = which === 'one flow' ? 1 : Number.POSITIVE_INFINITY;
        eachFlow(draft, (flow) => {
          if (left <= 0 || (which !== 'all' && flow.path !== 'pod-pod')) return;
          left -= 1;
          flow.answered = 0;
          flow.note = 'no answer within 1 s';
        });
      },
    },
    {
      id: 'unsent',
      what: 'no request was sent',
      on: ['wireguard'],
      turns: [],
      edit: (draft) =>
        eachFlow(draft, (flow) => {
          flow.sent = 0;
          flow.answered = 0;
        }),
    },
    {
      id: 'more-answers',
      what: 'there are more answers than requests',
      on: ['wireguard'],
      turns: ['EVI-02'],
      edit: (draft) =>
        eachFlow(draft, (flow) => {
          flow.answered = flow.sent + 1;
        }),
    },
    {
      id: 'no-flows',
      what: 'flows are missing from the record, though their frames are in the captures',
      on: ['wireguard'],
      variants: ['all of the judged phase', 'between pods', 'from node1', 'TCP'],
      turns: [],
      edit: (draft, which) => {
        draft.manifest.traffic = draft.manifest.traffic.filter((flow) => {
          if (flow.phase !== 'encrypted') return true;
          if (which === 'between pods') return flow.path !== 'pod-pod' && flow.path !== 'pod-service';
          if (which === 'from node1') return flow.source.node !== 'node1';
          return which === 'TCP' ? flow.protocol !== 'tcp' : false;
        });
      },
    },
    {
      id: 'other-ends',
      what: 'the flows are listed between other addresses than they ran between',
      on: BOTH,
      variants: ['10.0.1.77', '192.0.2.1'],
      turns: [],
      edit: (draft, address) =>
        eachFlow(draft, (flow) => {
          if (flow.path === 'pod-pod') flow.source.address = address;
        }),
    },
    {
      id: 'same-node-claimed',
      what: 'flows between pods of two nodes are listed as flows of one node, which need no encryption',
      on: BOTH,
      turns: [],
      edit: (draft) =>
        eachFlow(draft, (flow) => {
          if (flow.path === 'pod-pod') flow.path = 'same-node';
        }),
    },
    {
      id: 'incomplete',
      what: 'the run did not complete',
      on: ['wireguard'],
      turns: [],
      edit: (draft) => {
        draft.manifest.run.complete = false;
        draft.manifest.run.note = 'interrupted';
      },
    },
  ],
};
