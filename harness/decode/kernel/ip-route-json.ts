import type { IpRoute } from './ip-items.ts';
import { isObject, type JsonObject, number, objects, strings, text } from './json.ts';
import type { Draft } from './lines.ts';
import { routeProtocolName, scopeName, tableName } from './route-names.ts';

const KNOWN = new Set(
  'type dst gateway via dev table protocol scope prefsrc src from iif mark metric metrics flags cache nexthops uid pref'.split(' '),
);

const NAMES: Partial<Record<string, (printed: string) => string>> = { table: tableName, protocol: routeProtocolName, scope: scopeName };

function gateway(object: JsonObject): string | undefined {
  const via = object.via;
  return text(object, 'gateway') ?? (isObject(via) ? text(via, 'host') : undefined);
}

/** One object of `ip -j route`. `from` is named `from` in a list and in a get; `src` is not the preferred source. */
export function decodeRouteObject(object: JsonObject): IpRoute | undefined {
  const dst = text(object, 'dst');
  if (dst === undefined) return undefined;
  const route: Draft<IpRoute> = {
    type: text(object, 'type') ?? 'unicast',
    dst,
    flags: [...strings(object.flags), ...strings(object.cache)],
  };
  const via = gateway(object);
  if (via !== undefined) route.via = via;
  for (const [key, name] of [
    ['dev', 'dev'],
    ['table', 'table'],
    ['protocol', 'protocol'],
    ['scope', 'scope'],
    ['prefsrc', 'src'],
    ['from', 'from'],
    ['iif', 'iif'],
  ] as const) {
    const value = text(object, key);
    if (value !== undefined) route[name] = NAMES[name]?.(value) ?? value;
  }
  const [mark, metric] = [number(object, 'mark'), number(object, 'metric')];
  if (mark !== undefined) route.mark = mark;
  if (metric !== undefined) route.metric = metric;
  for (const entry of objects(object.metrics)) {
    const mtu = number(entry, 'mtu');
    if (mtu !== undefined) route.mtu = mtu;
  }
  const hops = objects(object.nexthops);
  if (hops.length > 0) {
    route.nexthops = hops.map((hop) => {
      const [hopVia, dev, weight] = [gateway(hop), text(hop, 'dev'), number(hop, 'weight')];
      return {
        ...(hopVia === undefined ? {} : { via: hopVia }),
        ...(dev === undefined ? {} : { dev }),
        ...(weight === undefined ? {} : { weight }),
      };
    });
  }
  const extra = Object.entries(object).filter(([key]) => !KNOWN.has(key));
  if (extra.length > 0)
    route.extra = Object.fromEntries(extra.map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]));
  return route;
}
