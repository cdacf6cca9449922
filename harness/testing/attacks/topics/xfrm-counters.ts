import { XFRM_COUNTERS } from '../../../decode/kernel/xfrm-stat.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { dropLines } from '../blocks.ts';

const STAT = { node: 'node1', collector: 'xfrm-stat' } as const;

const GROUPS = ['XfrmInNoStates', 'XfrmInStateProtoError', 'XfrmInTmplMismatch', 'XfrmOutPolBlock', 'XfrmOutNoStates', 'XfrmOutError'];
const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];

const grown = (name: string, by: number) => (text: string) => text.replace(new RegExp(`^(${name}\\s+)0$`, 'm'), `$1${by}`);

export const xfrmCounters: AttackTopic = {
  topic: 'xfrm-counters',
  root: 'counters are compared between two readings, as far as both were printed',
  manipulations: [
    {
      id: 'grows',
      what: 'an error counter of node1 grows while the traffic flows',
      on: ['ipsec-1.17'],
      variants: XFRM_COUNTERS,
      turns: ['XFR-08'],
      edit: (draft, name) => draft.output({ ...STAT, snapshot: 'after' }, grown(name, 5)),
    },
    {
      id: 'grows-by-one',
      what: 'an error counter of node2 grows by a single packet',
      on: ['ipsec-1.18', 'wireguard'],
      variants: GROUPS,
      turns: ['XFR-08'],
      edit: (draft, name) => draft.output({ node: 'node2', collector: 'xfrm-stat', snapshot: 'after' }, grown(name, 1)),
    },
    {
      id: 'grows-in-window',
      what: 'an error counter grows while the key is rotated, after the judged phase',
      on: ['rotation'],
      variants: XFRM_COUNTERS,
      turns: ['XFR-08'],
      edit: (draft, name) => draft.output({ ...STAT, snapshot: 'end' }, grown(name, 7)),
    },
    {
      id: 'cut',
      what: 'both readings end after a few counters: what grew behind the cut is not seen',
      on: BOTH,
      variants: ['1', '3', '10', '22', '27'],
      turns: ['XFR-08'],
      edit: (draft, lines) => draft.output(STAT, (text) => `${text.split('\n').slice(0, Number(lines)).join('\n')}\n`),
    },
    {
      id: 'cut-in-line',
      what: 'both readings end inside a line',
      on: BOTH,
      variants: ['in a name', 'before the value'],
      turns: ['XFR-08'],
      edit: (draft, where) =>
        draft.output(STAT, (text) =>
          text.slice(0, where === 'in a name' ? text.indexOf('XfrmOutPolBlock') + 7 : text.indexOf('XfrmOutPolBlock') + 16),
        ),
    },
    {
      id: 'missing',
      what: 'one counter is missing in both readings, and so is what it counts',
      on: ['ipsec-1.17'],
      variants: XFRM_COUNTERS,
      turns: ['XFR-08'],
      edit: (draft, name) => draft.output(STAT, dropLines(new RegExp(`^${name}\\s`))),
    },
    {
      id: 'missing-after',
      what: 'a counter is missing in the second reading',
      on: BOTH,
      variants: GROUPS,
      turns: ['XFR-08'],
      edit: (draft, name) => draft.output({ ...STAT, snapshot: 'after' }, dropLines(new RegExp(`^${name}\\s`))),
    },
    {
      id: 'back',
      what: 'a counter goes back: the node started again between the readings',
      on: ['ipsec-1.17'],
      turns: ['XFR-08'],
      edit: (draft) => draft.output({ ...STAT, snapshot: 'before' }, grown('XfrmInNoStates', 8)),
    },
    {
      id: 'empty',
      what: 'the kernel printed no counter',
      on: BOTH,
      turns: ['XFR-08'],
      edit: (draft) => draft.output(STAT, () => ''),
    },
    {
      id: 'failed',
      what: 'the counters of one node could not be read',
      on: BOTH,
      turns: ['XFR-08'],
      edit: (draft) => draft.fail(STAT, 'cat: /proc/net/xfrm_stat: No such file or directory'),
    },
    {
      id: 'forgotten',
      what: 'the counters of one node were never read',
      on: BOTH,
      variants: ['before', 'after'],
      turns: ['XFR-08'],
      edit: (draft, snapshot) => draft.forget({ ...STAT, snapshot: snapshot === 'before' ? 'before' : 'after' }),
    },
  ],
};
