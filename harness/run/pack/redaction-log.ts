import type { RecordingManifest } from '../../model/recording.ts';
import type { Repetition } from './judge-again.ts';
import type { SecretSearch } from './search-secrets.ts';
import type { StagedRecording } from './stage-recording.ts';

const RULES = {
  'headers-and-tokens/3':
    "link, IP, tunnel, transport headers, those of a packet between two pods at any other place, ESP (SPI, sequence number, 16 bytes of IV) and WireGuard headers, handshakes made for a key of the run and messages of link control stay, and so do the run's canaries and beacons; application data and what follows a message is overwritten with zeros, ciphertext with its SHA-256 and zeros; lengths and times stay",
  'withheld-unreadable/1': 'the file is not a capture, so payload could not be separated from headers: it is empty here',
  'key-fingerprints/1': 'keys that a command printed were replaced in memory by length and keyed fingerprint before anything was written',
} as const;

/** REDACTION.json: what was removed, by which rule and version, and how the search for secrets was tested. */
export interface RedactionLog {
  readonly schema: 1;
  readonly tool: string;
  readonly rules: typeof RULES;
  readonly fullCaptures: boolean;
  readonly captures: StagedRecording['cuts'];
  readonly leftOut: readonly string[];
  /** Fingerprints instead of keys, by file. */
  readonly keys: readonly { readonly path: string; readonly fingerprints: number }[];
  /** Outputs that were not written because their keys could not be identified. */
  readonly withheld: readonly string[];
  /** The copy in this pack was judged again before it was sealed. */
  readonly repetition: Repetition;
  readonly search: SecretSearch;
}

const FINGERPRINT = /<key:\d+:[0-9a-f]+>/g;
const WITHHELD = 'wirewitness: the output was withheld';

/** What the recorder removed, found by its marks in the command outputs. */
export async function recorderRedactions(
  { commands }: Pick<RecordingManifest, 'commands'>,
  text: (path: string) => Promise<string>,
): Promise<Pick<RedactionLog, 'keys' | 'withheld'>> {
  const keys: RedactionLog['keys'][number][] = [];
  const withheld: string[] = [];
  for (const { stdout, stderr } of commands) {
    const fingerprints = (await text(stdout)).match(FINGERPRINT)?.length ?? 0;
    if (fingerprints > 0) keys.push({ path: stdout, fingerprints });
    if ((await text(stderr)).includes(WITHHELD)) withheld.push(stdout);
  }
  return { keys, withheld };
}

export function redactionLog(parts: Omit<RedactionLog, 'schema' | 'rules'>): RedactionLog {
  return { schema: 1, rules: RULES, ...parts };
}

/** For README.txt: which part of the judgement a reader can repeat. */
export function describeRedaction({ fullCaptures, captures, repetition, search }: RedactionLog): string[] {
  const { same, differing } = repetition;
  const held = fullCaptures
    ? 'The captures are complete, as they were recorded.'
    : `The ${captures.length} captures have only headers; the SHA-256 of each original is in REDACTION.json.`;
  const again =
    differing.length === 0
      ? `Judged again before sealing, this copy gave the verdicts of the recording for all ${same.length} checks.`
      : `Judged again before sealing, this copy gave the verdicts of the recording for ${same.length} checks. These cannot be repeated from it: ${differing.map(({ id }) => id).join(', ')}.`;
  const known = knownKeys(search.knownWindows);
  return [
    held,
    again,
    `No secret was found: ${known}; the search found all ${search.control.planted} secrets that were planted to test it.`,
  ];
}

/** What the search knew about the run's keys: if the recorder read no keys, there are none to look for. */
function knownKeys(windows: number | null): string {
  if (windows === null) return 'the recording has no marks of its keys, so only shapes of secrets were looked for';
  if (windows === 0) return 'the recorder read no key of this cluster, so only shapes of secrets were looked for';
  return 'the keys that the recorder read and shapes of secrets were looked for';
}
