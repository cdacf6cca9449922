import { randomBytes } from 'node:crypto';
import { ends, inState } from '../plan/ipsec-states.ts';
import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch } from './on-first-node.ts';

/** `xfrm state delete` for a line of `xfrm state add`: source, destination, protocol, SPI and mark name it. */
function deletionOf(add: string): string {
  const match = /^xfrm state add (src \S+ dst \S+ proto esp spi \d+) .*? (mark \S+ mask \S+) output-mark/.exec(add);
  if (match === null) throw new RangeError('not an xfrm state line');
  return `xfrm state delete ${match[1]} ${match[2]}`;
}

export const WRONG_KEY: DatapathFault = {
  id: 'L07',
  what: 'the first node holds another key than its peer in the SAs that decrypt the peer',
  like: 'F15',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    { mode: 'ipsec', reddens: checks('XFR-03 XFR-08'), implies: checks('XFR-04 CFG-07 WIR-01 WIR-02 WIR-03 WIR-07 WIR-10 WIR-11 WIR-13') },
  ],
  why: '',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L07', 'ipsec');
    if (options.profile.inState === 'any-peer') throw new RangeError(`fault L07 needs an SA a peer; ${options.profile.id} has one for all`);
    const lines = ends(options).flatMap((end) => {
      const right = inState(options, view, peer, end);
      const wrong = right.replace(/0x[0-9a-f]{32,}/, `0x${randomBytes(options.key.key.length).toString('hex')}`);
      return [deletionOf(right), wrong];
    });
    await ipBatch(context, view.self.name, lines, 'fault L07');
  },
};

export const IN_STATE_GONE: DatapathFault = {
  id: 'L08',
  what: 'the SAs that decrypt one peer are deleted on the first node',
  like: 'F14',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    { mode: 'ipsec', reddens: checks('XFR-01 XFR-08'), implies: checks('CFG-07 XFR-03 WIR-01 WIR-02 WIR-03 WIR-06 WIR-10 WIR-11 WIR-13') },
  ],
  why: '',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L08', 'ipsec');
    const lines =
      options.profile.inState === 'any-peer'
        ? [`xfrm state delete src 0.0.0.0 dst ${view.self.internal} proto esp spi ${options.key.id} mark 0xd00 mask 0xf00`]
        : ends(options).map((end) => deletionOf(inState(options, view, peer, end)));
    await ipBatch(context, view.self.name, lines, 'fault L08');
  },
};

export const FLUSHED: DatapathFault = {
  id: 'L41',
  what: 'all SAs and policies are flushed on the first node',
  like: 'F12, real 1.14.5',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    {
      mode: 'ipsec',
      reddens: checks('XFR-01 XFR-06 XFR-07 WIR-01'),
      implies: checks('PRE-01 CFG-07 XFR-02 XFR-03 XFR-05 XFR-08 XFR-10 WIR-02 WIR-03 WIR-10 WIR-11 WIR-13'),
    },
  ],
  why: '',
  inject: async (context) => {
    const { view } = firstPair(context, 'L41', 'ipsec');
    await ipBatch(context, view.self.name, ['xfrm state flush', 'xfrm policy flush'], 'fault L41');
  },
};
