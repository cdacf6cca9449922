import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../decode/decoded.ts';
import { decodeIpLink } from '../../../decode/kernel/ip-link.ts';
import { decodeIpRoute, decodeIpRouteGet } from '../../../decode/kernel/ip-route.ts';
import { decodeIpRule } from '../../../decode/kernel/ip-rule.ts';
import { decodeProcCrypto } from '../../../decode/kernel/proc-crypto.ts';
import { decodeWireguardDump } from '../../../decode/kernel/wireguard-dump.ts';
import { decodeWireguard, decodeWireguardShow } from '../../../decode/kernel/wireguard-show.ts';
import { joinWireguard } from '../../../decode/kernel/wireguard-subcommands.ts';
import { decodeXfrmPolicy } from '../../../decode/kernel/xfrm-policy.ts';
import { decodeXfrmStat } from '../../../decode/kernel/xfrm-stat.ts';
import { decodeXfrmState } from '../../../decode/kernel/xfrm-state.ts';
import { anyText } from '../../../testing/any-text.ts';
import { AGENTS, agentFixture, fixture, haveFixtures } from '../../../testing/fixture.ts';
import { decodeCiliumConfig } from './cilium-config.ts';
import { decodeCiliumNodes } from './cilium-nodes.ts';
import { decodeCiliumStatus } from './cilium-status.ts';
import { decodeEncryptStatus } from './encrypt-status.ts';
import { decodeIpcache } from './ipcache.ts';
import { decodeKeySecret } from './key-secret.ts';
import { decodeNodeList } from './node-list.ts';

type Decoder = (text: string) => Decoded<unknown>;

/** Each decoder with a recorded output of its kind. */
const DECODERS: readonly (readonly [string, Decoder, string])[] = [
  ['xfrm state', decodeXfrmState, 'xfrm-state-s'],
  ['xfrm policy', decodeXfrmPolicy, 'xfrm-policy-s'],
  ['xfrm stat', decodeXfrmStat, 'xfrm-stat'],
  ['ip rule', decodeIpRule, 'ip-rule'],
  ['ip rule -j', decodeIpRule, 'ip-rule-j'],
  ['ip route', decodeIpRoute, 'route-all'],
  ['ip route get', decodeIpRouteGet, 'route-get'],
  ['ip link', decodeIpLink, 'link'],
  ['crypto', decodeProcCrypto, 'crypto'],
  ['wg show', decodeWireguardShow, 'wg-show'],
  ['wg dump', decodeWireguardDump, 'wg-dump'],
  ['wg', decodeWireguard, 'wg-show'],
  [
    'wg subcommands',
    (text) => joinWireguard({ peers: text, transfer: text, fwmark: text, endpoints: text, 'allowed-ips': text }),
    'wg-show',
  ],
  ['status', decodeCiliumStatus, 'status'],
  ['encrypt status', decodeEncryptStatus, 'encrypt-status'],
  ['encrypt status -o json', decodeEncryptStatus, 'encrypt-status-json'],
  ['config', decodeCiliumConfig, 'config'],
  ['nodes', decodeCiliumNodes, 'node-list-json'],
  ['node list', decodeNodeList, 'node-list'],
  ['ipcache', decodeIpcache, 'ipcache'],
  ['key file', decodeKeySecret, 'encrypt-status'],
];

/** A line that no format has. */
const JUNK = '~?? 7 ??~';
const LINE_FORMATS = new Set([
  'xfrm state',
  'xfrm policy',
  'xfrm stat',
  'ip rule',
  'ip route',
  'ip link',
  'crypto',
  'wg show',
  'wg dump',
  'status',
  'encrypt status',
  'config',
  'node list',
  'ipcache',
  'key file',
]);

const recordings = (name: string) => AGENTS.map((agent) => agentFixture(agent, name)).filter((text) => text.trim() !== '');

describe.each(DECODERS)('any text to %s', (name, decode, sample) => {
  test('never throws, and reports lines that the text has', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.lorem({ mode: 'sentences' }),
          fc.json(),
          fc.stringMatching(/^(?:[a-z]{2,9}[:= ]{1,2}[0-9a-fx/. ]{0,9}\n\t?){0,9}$/),
        ),
        (text) => {
          const { unparsed } = decode(text);
          const lines = text.split('\n').length;
          for (const { line } of unparsed) expect(line >= 1 && line <= lines).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('a recorded output damaged anywhere: no throw', (ctx) => {
    ctx.skip(!haveFixtures, 'the recordings of real agents are not beside the project');
    fc.assert(
      fc.property(fc.constantFrom(...recordings(sample)), fc.nat(), fc.nat(), fc.string({ maxLength: 4 }), (text, from, length, patch) => {
        const at = from % text.length;
        decode(text.slice(0, at));
        decode(text.slice(0, at) + patch + text.slice(at + (length % 200)));
      }),
      { numRuns: 60 },
    );
  });

  test('a junk line anywhere is reported by its number', (ctx) => {
    ctx.skip(!haveFixtures, 'the recordings of real agents are not beside the project');
    ctx.skip(!LINE_FORMATS.has(name), 'one document, not lines');
    for (const text of recordings(sample).slice(0, 2)) {
      const lines = text.split('\n');
      for (let at = 0; at <= lines.length; at += Math.ceil(lines.length / 25)) {
        const { unparsed } = decode([...lines.slice(0, at), JUNK, ...lines.slice(at)].join('\n'));
        expect(unparsed.map(({ line }) => line)).toContain(at + 1);
      }
    }
  });
});

describe('keys in damaged outputs', () => {
  const hidden = (result: unknown, key: string) => {
    const text = JSON.stringify(result);
    for (let at = 0; at + 12 <= key.length; at += 1) expect(text.includes(key.slice(at, at + 12))).toBe(false);
  };

  test('never leave the decoder, wherever the output is cut or changed', (ctx) => {
    ctx.skip(!haveFixtures, 'the recordings of real agents are not beside the project');
    const cases: [Decoder, string, string][] = AGENTS.flatMap((agent) => {
      const [state, dump, file] = [
        agentFixture(agent, 'xfrm-state'),
        agentFixture(agent, 'wg-dump'),
        fixture(`cilium/${agent}/key-file.txt`),
      ];
      const [stateKey, dumpKey, fileKey] = [/ 0x([0-9a-f]{40}) /.exec(state)?.[1], dump.split('\t')[1], file.split(' ')[2]];
      return [
        ...(stateKey === undefined ? [] : [[decodeXfrmState, state, stateKey] as [Decoder, string, string]]),
        ...(dumpKey === undefined ? [] : [[decodeWireguardDump, dump, dumpKey] as [Decoder, string, string]]),
        ...(fileKey === undefined ? [] : [[decodeKeySecret, file, fileKey] as [Decoder, string, string]]),
      ];
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...cases),
        fc.integer({ min: -60, max: 30 }),
        fc.string({ maxLength: 2 }),
        ([decode, text, key], offset, patch) => {
          const at = Math.max(0, text.indexOf(key) + key.length + offset);
          hidden(decode(text.slice(0, at)), key);
          // Outside the key: a patch inside it makes another key of it.
          if (offset > 0 || offset < -key.length) hidden(decode(text.slice(0, at) + patch + text.slice(at + 1)), key);
        },
      ),
      { numRuns: 400 },
    );
  });
});
