import type { Decoded, DecodeOptions, Fingerprint, UnparsedLine } from '../decoded.ts';
import { sha256Fingerprint } from './fingerprint.ts';
import { type Draft, iprouteLines, maskFields, type TextLine, unparsedXfrmLine, unsigned } from './lines.ts';
import { decodeAlgorithmLine } from './xfrm-algorithm.ts';
import { decodeFlags, decodeMark, decodeSelector, decodeSpi, HOUSEKEEPING, isFlagName } from './xfrm-fields.ts';
import type { XfrmState } from './xfrm-items.ts';

const HEAD = /^src (\S+|<[^>]+>) dst (\S+|<[^>]+>)$/;
const PROTO = /^proto (\S+) spi ([^\s(]+)(?:\(\d+\))? reqid ([^\s(]+)(?:\(0x[0-9a-f]+\))? mode (\S+)$/;
const REPLAY = /^replay-window (\d+)(?: seq 0x[0-9a-f]+)?(?: (?:flag|extra[-_]flag)\b(.*))?$/;
const CONTEXT = /^anti-replay context: seq (0x[0-9a-f]{1,8}), oseq (0x[0-9a-f]{1,8}), bitmap 0x[0-9a-f]{8}$/;
const ESN =
  /^(?:seq-hi (0x[0-9a-f]{1,8}), seq (0x[0-9a-f]{1,8}), oseq-hi (0x[0-9a-f]{1,8}), oseq (0x[0-9a-f]{1,8}))?[, ]*(?:replay_window (\d+), bitmap-length (\d+))? ?((?:[0-9a-f]{8} ?)*)$/;
const COUNTERS = /^(\d+)\(bytes\), (\d+)\(packets\)$/;
const ADDED = /^add (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) use \S.*$/;
const STATS = /^replay-window (\d+) replay (\d+) failed (\d+)$/;
const ENCAP = /^encap type (\S+)(?: sport (\d+))?(?: dport (\d+))?(?: addr (\S+))?$/;
const OFFLOAD = /^(?:crypto offload parameters:|offload) dev (\S+)(?: dir (\S+))?(?: mode (\S+))?$/;

/** Lines that an SA has at most once. */
const SINGLE = /^(?:proto|mark|output-mark|aead|auth-trunc|auth|enc|comp|sel|if_id|dir|encap|anti-replay)(?= |$)/;

interface Building {
  readonly state: Draft<XfrmState>;
  /** Whether lines of the replay window are still missing: an ESN context that ends before them was cut. */
  esn: 'none' | 'open' | 'whole';
  /** Lines that were read: a second one of the same kind has no place in an SA. */
  readonly seen: Set<string>;
}

/** Read one line of an SA; false when it is not completely understood. */
function readLine(building: Building, words: string, fingerprint: Fingerprint): boolean {
  const { state, seen } = building;
  const [kind] = SINGLE.exec(words) ?? [];
  if (kind !== undefined && seen.has(kind)) return false;
  if (kind !== undefined) seen.add(kind);
  let match = PROTO.exec(words);
  if (match !== null) {
    const spi = decodeSpi(match[2] ?? '');
    const reqid = unsigned(match[3]);
    state.proto = match[1] ?? '';
    state.spi = spi ?? match[2] ?? '';
    if (reqid !== undefined) state.reqid = reqid;
    state.mode = match[4] ?? '';
    return spi !== undefined && reqid !== undefined;
  }
  match = STATS.exec(words);
  if (match !== null) {
    state.stats = { replayWindow: Number(match[1]), replay: Number(match[2]), failed: Number(match[3]) };
    return true;
  }
  match = REPLAY.exec(words);
  if (match !== null) {
    if (building.esn !== 'whole') state.replayWindow = Number(match[1]);
    const flags = decodeFlags(match[2]);
    state.flags.push(...flags);
    return flags.every(isFlagName);
  }
  match = /^(?:mark (\S+))? ?(?:output-mark (\S+))?$/.exec(words);
  if (match !== null) {
    const mark = decodeMark(match[1]);
    const outputMark = decodeMark(match[2]);
    if (mark !== undefined) state.mark = mark;
    if (outputMark !== undefined) state.outputMark = outputMark;
    return (mark !== undefined || match[1] === undefined) && (outputMark !== undefined || match[2] === undefined);
  }
  const algorithm = decodeAlgorithmLine(words, fingerprint);
  if (algorithm !== undefined) {
    state[algorithm.slot] = algorithm.algorithm;
    return algorithm.whole;
  }
  return readReplay(building, words) || readOther(state, words);
}

/** The anti-replay contexts: 32 bit, or ESN on one line or on several. */
function readReplay(building: Building, words: string): boolean {
  const { state } = building;
  let match = CONTEXT.exec(words);
  if (match !== null) {
    state.seq = Number(match[1]);
    state.oseq = Number(match[2]);
    return true;
  }
  const opening = words.startsWith('anti-replay esn context:');
  if (opening) building.esn = 'open';
  if (building.esn === 'none') return false;
  match = ESN.exec(opening ? words.slice('anti-replay esn context:'.length).trim() : words);
  if (match === null) return false;
  if (match[1] !== undefined) {
    state.seq = Number(match[1]) * 2 ** 32 + Number(match[2]);
    state.oseq = Number(match[3]) * 2 ** 32 + Number(match[4]);
  }
  if (match[5] !== undefined) {
    state.replayWindow = Number(match[5]);
    building.esn = 'whole';
  }
  return true;
}

function readOther(state: Draft<XfrmState>, words: string): boolean {
  let match = COUNTERS.exec(words);
  if (match !== null) {
    state.bytes = Number(match[1]);
    state.packets = Number(match[2]);
    return true;
  }
  match = ENCAP.exec(words);
  if (match !== null) {
    const [, type = '', sport, dport, addr] = match;
    state.encap = {
      type,
      ...(sport === undefined ? {} : { sport: Number(sport) }),
      ...(dport === undefined ? {} : { dport: Number(dport) }),
      ...(addr === undefined ? {} : { addr }),
    };
    return true;
  }
  match = OFFLOAD.exec(words);
  if (match !== null) {
    const [, dev = '', dir, mode] = match;
    state.offload = { dev, ...(dir === undefined ? {} : { dir }), ...(mode === undefined ? {} : { mode }) };
    return true;
  }
  match = /^(sel|if_id|dir) (.+)$/.exec(words);
  if (match?.[1] === 'sel') {
    const selector = decodeSelector(match[2] ?? '');
    if (selector === undefined) return false;
    const { uid: _uid, ...sel } = selector;
    state.sel = sel;
    return true;
  }
  if (match?.[1] === 'if_id') {
    const ifId = unsigned(match[2]);
    if (ifId !== undefined) state.ifId = ifId;
    return ifId !== undefined;
  }
  if (match?.[1] === 'dir' && /^(?:in|out)$/.test(match[2] ?? '')) {
    state.dir = match[2] ?? '';
    return true;
  }
  match = ADDED.exec(words);
  if (match) {
    state.added = match[1] ?? '';
    return true;
  }
  return HOUSEKEEPING.test(words) || /^add \S.* use \S.*$/.test(words);
}

/** An added line of a unified diff is read as current output; a removed line is not understood. */
function withoutDiffSign(line: TextLine): string {
  return line.words.replace(/^\+ /, '');
}

/**
 * Reads `ip xfrm state` in every known form (with `-s`, with `-o`, `nokeys`, indentation lost, keys redacted). SAs of `ip xfrm monitor`
 * (`Deleted src …`, time stamps) are not live and stay unparsed. Never throws.
 */
export function decodeXfrmState(text: string, options: DecodeOptions = {}): Decoded<XfrmState> {
  const fingerprint = options.fingerprint ?? sha256Fingerprint;
  const items: XfrmState[] = [];
  const unparsed: UnparsedLine[] = [];
  let building: Building | undefined;
  const close = () => {
    if (building !== undefined && (building.state.spi === '' || building.esn === 'open')) building.state.incomplete = true;
    building = undefined;
  };
  for (const line of iprouteLines(text)) {
    const words = withoutDiffSign(line);
    const head = HEAD.exec(words);
    if (head !== null) {
      close();
      building = { state: { src: head[1] ?? '', dst: head[2] ?? '', proto: '', spi: '', flags: [] }, esn: 'none', seen: new Set() };
      items.push(building.state);
    } else if (building === undefined || !readLine(building, words, fingerprint)) {
      // What follows a `Deleted src` or `Updated src` line does not belong to the previous SA.
      if (/\bsrc \S+ dst \S+$/.test(words) && !words.startsWith('sel')) close();
      else if (building !== undefined && !words.startsWith('- ')) building.state.incomplete = true;
      unparsed.push(unparsedXfrmLine(line.line, line.text));
    }
  }
  close();
  return { items: items.map(maskFields), unparsed };
}
