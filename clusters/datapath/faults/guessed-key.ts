import { layOut } from '../lay.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** The key of the tests of Cilium's own loader, with its salt; 128 bits, as a key of the lab is unless a run asks for another. */
const PUBLISHED_KEY = Buffer.from('44434241343332312423222114131211f4f3f2f1', 'hex');

export const KEY_GUESSED: DatapathFault = {
  id: 'L73',
  what: 'the Secret holds the key that is printed in the tests of Cilium',
  like: '',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'CFG-09')],
  why: 'the kernel encrypts as usual, but everybody who recorded the wire can decrypt it with a key that is public; the keys of tunnels are derived from it and look random',
  inject: async (context) => {
    const { ipsecKey, options } = context;
    if (options.intent.mode !== 'ipsec' || ipsecKey.key.length !== PUBLISHED_KEY.length)
      throw new RangeError('fault L73 needs IPsec with AES-GCM of 128 bits');
    context.ipsecKey = { ...ipsecKey, key: PUBLISHED_KEY };
    await layOut(context, 'ipsec');
  },
};
