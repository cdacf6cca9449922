import { encryptMark } from '../marks.ts';
import { policiesPlan } from '../plan/ipsec-policies.ts';
import { cell, LOSS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, inStates, ipBatch, replaced } from './on-first-node.ts';

export const WRONG_POLICY_MARK: DatapathFault = {
  id: 'L13',
  what: 'the out policies towards one node carry the mark of a node id that no packet has',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-05 XFR-08', LOSS)],
  why: 'the packets carry the mark of the right node id, meet the block policy and are dropped (XfrmOutPolBlock)',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L13', 'ipsec');
    const right = `mark ${encryptMark(peer.id, options.key.id)} `;
    const wrong = `mark ${encryptMark(peer.id ^ 0x5a5a, options.key.id)} `;
    const lines = policiesPlan(options, view)
      .filter((line) => line.includes(right))
      .flatMap((add) => [add.replace(' add ', ' delete ').replace(/ tmpl .*/, ''), add.replace(right, wrong)]);
    await ipBatch(context, view.self.name, lines, 'fault L13');
  },
};

export const WRONG_STATE_MASK: DatapathFault = {
  id: 'L13b',
  what: 'the SAs that decrypt one peer have another mark mask than the profile has',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-05')],
  why: 'packets carry exactly the mark, so the wider mask matches them too and all is answered; nothing but the mask tells',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L13b', 'ipsec');
    const wider = (add: string) => add.replace(/( mark \S+ mask 0x(?:ffff0)?f)00 /, '$1ff ');
    await ipBatch(context, view.self.name, replaced(inStates(options, view, peer), wider), 'fault L13b');
  },
};
