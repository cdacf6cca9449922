import type { Snapshot } from '../../../model/recording.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { addLine } from '../blocks.ts';
import type { RecordingDraft } from '../draft.ts';

const IPSEC: readonly BaseName[] = ['ipsec-1.17', 'rotation'];
const ALL: readonly BaseName[] = ['ipsec-1.17', 'wireguard', 'rotation'];
const SNAPSHOTS: readonly Snapshot[] = ['before', 'after', 'end'];

/** Outputs that say whose they are, by addresses, or that no two nodes can have alike. */
const TOLD_APART: readonly string[] = ['ip-addr', 'ip-link', 'clock', 'agent-log', 'cilium-status'];

/** Characters that an editor or a converter leaves and that a reader takes for a blank or for nothing. */
const CHARACTERS: Readonly<Record<string, (text: string) => string>> = {
  'byte order mark': (text) => `\ufeff${text}`,
  'no-break space': (text) => text.replace(' ', '\u00a0'),
  'zero width space': (text) => text.replace(' ', ' \u200b'),
  'NUL bytes': addLine('\0\0'),
  'a change of direction': (text) => text.replace('\n', '\u202e\n'),
};

/** Outputs that checks of both modes read. */
const READ: readonly string[] = ['ip-rule', 'ip-addr', 'cilium-status', 'cilium-version', 'encrypt-status', 'agent-log', 'ipcache'];

/** A line of `ip xfrm`, and what stands behind it; the same again where nothing is given. */
const TWICE: Readonly<Record<string, readonly [line: RegExp, second: string]>> = {
  dir: [/^\tdir out priority .*$/m, ''],
  mark: [/^\tmark 0x\S+ $/m, ''],
  'tmpl proto': [/^\t\tproto esp spi .*$/m, ''],
  proto: [/^\tproto esp spi .*$/m, ''],
  aead: [/^\taead .*$/m, ''],
  sel: [/^\tsel .*$/m, '\tsel src 0.0.0.0/0 dst 10.0.0.0/8 '],
};

/** What node2 said in the place of what node1 said, where they differ; and the other way round. */
function stand(draft: RecordingDraft, collector: string, both: boolean): void {
  let changed = 0;
  for (const snapshot of SNAPSHOTS) {
    const [own] = draft.manifest.commands.filter((c) => c.collector === collector && c.snapshot === snapshot && c.node === 'node1');
    const [other] = draft.manifest.commands.filter((c) => c.collector === collector && c.snapshot === snapshot && c.node === 'node2');
    if (own === undefined || other === undefined) continue;
    const [first, second] = [draft.text(own.stdout), draft.text(other.stdout)];
    if (first === second) continue;
    draft.write(own.stdout, second);
    if (both) draft.write(other.stdout, first);
    changed += 1;
  }
  if (changed === 0) throw new RangeError(`no ${collector} of node1 differs from that of node2`);
}

/**
 * Not here, as no claim rests on it. The logs or the clocks of two nodes exchanged: what they must not say they say of neither, and each
 * clock lies within the same bound. An `encrypt-status` of IPsec names no node, and its counts are compared with the kernel's. Outputs that
 * no check of the mode reads, whatever they hold: `ip-link` and `uname` beyond being the node's own, `/proc/crypto` and table 200 under
 * WireGuard, `ip-stat` and `drop-counters` where every flow was answered, and the word about the annotation of the key Secret, a note.
 */
export const origins: AttackTopic = {
  topic: 'origins',
  root: 'an output is believed to be of the node, and of the moment, under which it is filed',
  manipulations: [
    {
      id: 'other-node',
      what: 'an output of node2 is recorded as that of node1',
      on: ALL,
      variants: TOLD_APART,
      turns: ['EVI-02'],
      edit: (draft, collector) => stand(draft, collector, false),
    },
    {
      id: 'exchanged',
      what: 'what node1 and node2 said of their addresses is exchanged',
      on: ALL,
      variants: ['ip-addr', 'cilium-status'],
      turns: ['EVI-02'],
      edit: (draft, collector) => stand(draft, collector, true),
    },
    {
      id: 'again',
      what: 'a command is listed twice in one snapshot, and printed more the second time',
      on: ALL,
      variants: [
        'cilium-config-map',
        'cilium-config',
        'cilium-version',
        'cilium-status',
        'agent-log',
        'ip-stat',
        'drop-counters',
        'crypto',
      ],
      turns: ['EVI-02'],
      edit: (draft, collector) => {
        for (const command of draft.commands({ collector, snapshot: 'before' }).slice(0, 1)) {
          const again = { ...command, stdout: `${command.stdout}.again.txt`, stderr: `${command.stdout}.again.err` };
          draft.write(again.stdout, `${draft.text(command.stdout)}Error: something\n`);
          draft.write(again.stderr, '');
          draft.manifest.commands.push(again);
        }
      },
    },
    {
      id: 'message',
      what: 'a message of a client stands below an output that is whole',
      on: ALL,
      variants: ['cilium-config-map', 'cilium-config', 'cilium-version', 'cilium-status', 'cilium-nodes', 'encrypt-status', 'ipcache'],
      turns: [],
      edit: (draft, collector) => draft.output({ collector }, addLine('Error: something')),
    },
    {
      id: 'characters',
      what: 'the output has a character that no command prints',
      on: ALL,
      variants: READ.flatMap((collector) => Object.keys(CHARACTERS).map((character) => `${character} in ${collector}`)),
      turns: [],
      edit: (draft, where) => {
        const [character = '', collector = ''] = where.split(' in ');
        draft.output({ collector, node: 'node2' }, CHARACTERS[character] ?? ((text) => text));
      },
    },
    {
      id: 'characters-xfrm',
      what: 'the SAs or policies have a character that no command prints',
      on: IPSEC,
      variants: Object.keys(CHARACTERS),
      turns: ['XFR-01', 'XFR-06'],
      edit: (draft, character) => {
        for (const collector of ['xfrm-state', 'xfrm-policy']) draft.output({ collector }, CHARACTERS[character] ?? ((text) => text));
      },
    },
    {
      id: 'line-twice',
      what: 'an SA or a policy has a line twice, which no kernel prints: one of them was put there',
      on: ['ipsec-1.17'],
      variants: ['dir', 'mark', 'tmpl proto', 'proto', 'aead', 'sel'],
      turns: [],
      edit: (draft, what) => {
        const [, second = ''] = TWICE[what] ?? [];
        const [line = /^$/] = TWICE[what] ?? [];
        const collector = what === 'proto' || what === 'aead' || what === 'sel' ? 'xfrm-state' : 'xfrm-policy';
        draft.output({ collector, node: 'node2' }, (text) => text.replace(line, (found) => `${found}\n${second === '' ? found : second}`));
      },
    },
    {
      id: 'not-whole',
      what: 'the client of the agents said that its answer is not whole, and ended with 0',
      on: ALL,
      variants: ['warning: output truncated', 'error: unexpected EOF', 'error: connection reset by peer'],
      turns: ['PRE-01', 'PRE-04'],
      edit: (draft, warning) => {
        for (const { stderr } of draft.commands({ collector: 'cilium-status' })) draft.write(stderr, `${warning}\n`);
      },
    },
  ],
};
