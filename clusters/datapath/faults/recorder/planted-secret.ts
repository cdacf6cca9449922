import { randomBytes } from 'node:crypto';
import { newWireguardKey } from '../../keys/wireguard-key.ts';
import { cell } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { alteredShell, withShells } from './false-answers.ts';

/**
 * Random each time, so that nothing can know it by heart, and in a form that the recorder stores: a private key without a name looks like a
 * public one, and a key file in base64 like any data.
 */
const secretOf = (mode: string): string =>
  mode === 'wireguard'
    ? newWireguardKey().privateKey
    : Buffer.from(`3+ rfc4106(gcm(aes)) ${randomBytes(20).toString('hex')} 128\n`).toString('base64');

export const SECRET_PLANTED: DatapathFault = {
  id: 'L34',
  what: 'an agent prints a secret key in its status',
  like: 'F26',
  when: 'false-answers',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'EVI-01'), cell({ mode: 'wireguard' }, 'EVI-01')],
  why: 'the output is kept as it came, in a place where no secret was looked for; everything else is as it should be',
  inject: async () => undefined,
  withFalseAnswers: (context, cluster) => {
    const { name } = anyPair(context, 'L34').view.self;
    const line = `Debug:                   ${secretOf(context.options.intent.mode)}\n`;
    return withShells(cluster, {
      agent: (node, real) =>
        node !== name
          ? real
          : alteredShell(real, (result) =>
              result.exitCode === 0 && result.argv.at(-1) === 'status' && result.argv.at(-2) !== 'encrypt'
                ? { ...result, stdout: result.stdout + line }
                : result,
            ),
    });
  },
};
