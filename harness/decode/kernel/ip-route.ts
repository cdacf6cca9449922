import type { Decoded, UnparsedLine } from '../decoded.ts';
import type { IpRoute } from './ip-items.ts';
import { decodeRouteObject } from './ip-route-json.ts';
import { isObject, looksLikeJson, parseJson, unparsedValue } from './json.ts';
import { allUnparsed, type Draft, iprouteLines, type TextLine, unparsedLine, unsigned } from './lines.ts';
import { routeProtocolName, scopeName, tableName } from './route-names.ts';

const TYPES = new Set('unicast local broadcast multicast anycast blackhole unreachable prohibit throw nat'.split(' '));
const FLAGS = new Set(
  'onlink linkdown dead pervasive offload offload_failed notify trap rt_offload rt_trap rt_offload_failed unresolved cached'.split(' '),
);
const PAIRS = new Set(
  'pref advmss hoplimit window rtt rttvar ssthresh cwnd initcwnd initrwnd rto_min reordering quickack features congctl expires error uid nhid realm realms tos age users used fastopen_no_cookie'.split(
    ' ',
  ),
);

/** The words after the destination; undefined when one is not understood. */
function readAttributes(tokens: readonly string[]): Omit<Draft<IpRoute>, 'type' | 'dst'> | undefined {
  const route: Omit<Draft<IpRoute>, 'type' | 'dst'> = { flags: [] };
  const extra: Record<string, string> = {};
  for (let at = 0; at < tokens.length; at += 1) {
    const key = tokens[at] ?? '';
    if (FLAGS.has(key)) {
      route.flags.push(key);
      continue;
    }
    if (key === 'cache') {
      route.flags.push(
        ...(
          tokens
            .slice(at + 1)
            .join(' ')
            .match(/<([^>]*)>/)?.[1] ?? ''
        )
          .split(',')
          .filter((flag) => flag !== ''),
      );
      const rest = tokens.slice(at + 1).filter((token) => !token.startsWith('<'));
      return rest.length % 2 === 0 ? route : undefined;
    }
    at += 1;
    if (key === 'via' && /^inet6?$/.test(tokens[at] ?? '')) at += 1;
    if (key === 'mtu' && tokens[at] === 'lock') at += 1;
    const value = tokens[at];
    if (value === undefined) return undefined;
    const number = unsigned(value);
    if (key === 'via' || key === 'dev' || key === 'src' || key === 'from' || key === 'iif') route[key] = value;
    else if (key === 'table') route.table = tableName(value);
    else if (key === 'scope') route.scope = scopeName(value);
    else if (key === 'proto') route.protocol = routeProtocolName(value);
    else if ((key === 'metric' || key === 'mtu' || key === 'mark') && number !== undefined) route[key] = number;
    else if (PAIRS.has(key)) extra[key] = value;
    else return undefined;
  }
  if (Object.keys(extra).length > 0) route.extra = extra;
  return route;
}

function decodeLine(line: TextLine): IpRoute | undefined {
  const tokens = line.words.split(' ');
  const type = TYPES.has(tokens[0] ?? '') ? (tokens.shift() ?? '') : 'unicast';
  const dst = tokens.shift() ?? '';
  if (dst !== 'default' && !/^(?:[0-9a-fA-F.]*[.:][0-9a-fA-F:.]*|\d{1,3})(?:\/\d{1,3})?$/.test(dst)) return undefined;
  const attributes = readAttributes(tokens);
  return attributes === undefined ? undefined : { type, dst, ...attributes };
}

/** A `nexthop via A dev D weight N` line of a multipath route. */
function readNexthop(route: Draft<IpRoute>, words: string): boolean {
  const match = /^nexthop(?: via (?:inet6? )?(\S+))? dev (\S+) weight (\d+)(?: (?:onlink|linkdown|dead))*$/.exec(words);
  if (match === null) return false;
  route.nexthops = [
    ...(route.nexthops ?? []),
    { ...(match[1] === undefined ? {} : { via: match[1] }), dev: match[2] ?? '', weight: Number(match[3]) },
  ];
  return true;
}

/** iproute2 prints this for a table that never had a route: it is empty. The exit code is 2. */
const EMPTY_TABLE = /^(?:Error: (?:ipv[46]: )?FIB table does not exist\.|Dump terminated)$/;

function decodeText(text: string): Decoded<IpRoute> {
  const items: Draft<IpRoute>[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of iprouteLines(text)) {
    const last = items.at(-1);
    if (EMPTY_TABLE.test(line.words)) continue;
    // A get prints its cache flags on a separate line.
    const cache = line.words.startsWith('cache') ? readAttributes(line.words.split(' ')) : undefined;
    if (last !== undefined && cache !== undefined) last.flags.push(...cache.flags);
    else if (last !== undefined && readNexthop(last, line.words)) continue;
    else {
      const route = looksLikeJson(line.words) ? undefined : decodeLine(line);
      if (route !== undefined) items.push(route);
      else if (looksLikeJson(line.words)) {
        const nested = decodeJson(line.words, line.line);
        items.push(...nested.items);
        unparsed.push(...nested.unparsed);
      } else unparsed.push(unparsedLine(line.line, line.text));
    }
  }
  return { items, unparsed };
}

function decodeJson(text: string, line = 1): Decoded<IpRoute> {
  const value = parseJson(text);
  if (!Array.isArray(value)) return { items: [], unparsed: allUnparsed(text).map((entry) => ({ ...entry, line: entry.line + line - 1 })) };
  const items: IpRoute[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const entry of value as unknown[]) {
    // `ip -d -j` puts an empty object first for some requests.
    if (isObject(entry) && Object.keys(entry).length === 0) continue;
    const route = isObject(entry) ? decodeRouteObject(entry) : undefined;
    if (route === undefined) unparsed.push(unparsedValue(entry, line));
    else items.push(route);
  }
  return { items, unparsed };
}

/** Reads `ip [-6] route [show table …]`, text and `-j`. Never throws. */
export function decodeIpRoute(text: string): Decoded<IpRoute> {
  return looksLikeJson(text) && parseJson(text) !== undefined ? decodeJson(text) : decodeText(text);
}

/** Reads the answer of `ip route get`, text and `-j`; several answers one after the other too. */
export function decodeIpRouteGet(text: string): Decoded<IpRoute> {
  return decodeIpRoute(text);
}
