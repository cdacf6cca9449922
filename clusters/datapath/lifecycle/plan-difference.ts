import { NFT_TABLE } from '../plan/masquerade.ts';
import type { NodePlan } from '../plan/node-plan.ts';

/** The changes of a node from one plan to another, as lines of its tools. */
export interface PlanDifference {
  readonly sysctls: NodePlan['sysctls'];
  readonly devices: NodePlan['devices'];
  /** Additions and replacements; `gone` has the deletions. */
  readonly ip: readonly string[];
  readonly ip6: readonly string[];
  /** Where an SA is named as before and its key is another, it is deleted in the line before: the kernel has only one of a name. */
  readonly states: readonly string[];
  readonly policies: readonly string[];
  /** A filter with the same place and handle is replaced in one step. */
  readonly tc: readonly string[];
  /** One transaction that replaces the table; empty if it does not change. */
  readonly nft: readonly string[];
  /** Devices with a different configuration, with the new one for `wg syncconf`, which keeps the sessions of other peers. */
  readonly wireguard: NodePlan['wireguard'];
  readonly gone: {
    readonly ip: readonly string[];
    readonly ip6: readonly string[];
    readonly states: readonly string[];
    readonly policies: readonly string[];
    readonly tc: readonly string[];
  };
}

/** @throws RangeError for a removed line with an unknown deletion */
export function planDifference(before: NodePlan, after: NodePlan): PlanDifference {
  const added = (lines: readonly string[], known: readonly string[]) => lines.filter((line) => !known.includes(line));
  const states = (lines: readonly string[]) => lines.filter((line) => line.startsWith('xfrm state '));
  const policies = (lines: readonly string[]) => lines.filter((line) => line.startsWith('xfrm policy '));
  const places = new Set(before.tc.map(filterPlace).filter((place) => place !== undefined));
  const xfrm = { added: added(after.xfrm, before.xfrm), gone: added(before.xfrm, after.xfrm) };
  const comes = new Set(states(xfrm.added).map(stateDeletion));
  const goes = states(xfrm.gone).map(stateDeletion);
  return {
    sysctls: after.sysctls.filter(([path, value]) => !before.sysctls.some(([p, v]) => p === path && v === value)),
    devices: after.devices.filter(([name]) => !before.devices.some(([known]) => known === name)),
    ip: added(after.ip, before.ip),
    ip6: added(after.ip6, before.ip6),
    states: states(xfrm.added).flatMap((line) => (goes.includes(stateDeletion(line)) ? [stateDeletion(line), line] : [line])),
    policies: policies(xfrm.added),
    tc: added(after.tc, before.tc).map((line) => {
      const place = filterPlace(line);
      return place !== undefined && places.has(place) ? line.replace('filter add', 'filter replace') : line;
    }),
    nft:
      before.nft.join('\n') === after.nft.join('\n')
        ? []
        : [...(before.nft.length > 0 ? [`delete table ${NFT_TABLE}`] : []), ...(after.nft.length > 0 ? after.nft : [])],
    wireguard: after.wireguard.filter(([device, text]) => !before.wireguard.some(([d, t]) => d === device && t === text)),
    gone: {
      ip: routeDeletions(before.ip, after.ip),
      ip6: routeDeletions(before.ip6, after.ip6),
      states: goes.filter((deletion) => !comes.has(deletion)),
      policies: policies(xfrm.gone).map(policyDeletion),
      tc: filterDeletions(before.tc, after.tc),
    },
  };
}

/** `xfrm state delete` for a line of `xfrm state add`: source, destination, protocol, SPI and mark name it. */
export function stateDeletion(add: string): string {
  const match = /^xfrm state add (src \S+ dst \S+ proto esp spi \S+) .*?(mark \S+ mask \S+) output-mark/.exec(add);
  // The line holds a key, so it is not shown.
  if (match === null) throw new RangeError('a line of xfrm state add without its SPI and mark cannot be deleted');
  return `xfrm state delete ${match[1]} ${match[2]}`;
}

/** `xfrm policy delete` for a line of `xfrm policy add`: the selector, the direction and the mark name it. */
export function policyDeletion(add: string): string {
  const match = /^xfrm policy add (src \S+ dst \S+ dir \S+(?: mark \S+ mask \S+)?)/.exec(add);
  if (match === null) throw new RangeError(`no deletion is known for: ${add}`);
  return `xfrm policy delete ${match[1]}`;
}

/** Device, direction, preference, protocol and handle of a filter that can be replaced or deleted alone. */
export function filterPlace(line: string): string | undefined {
  return /^filter add (dev \S+ \S+ pref \d+ protocol \S+ handle \S+ flower)/.exec(line)?.[1];
}

function filterDeletions(before: readonly string[], after: readonly string[]): string[] {
  const kept = new Set(after.map(filterPlace));
  return before
    .filter((line) => !after.includes(line))
    .flatMap((line) => {
      const place = filterPlace(line);
      if (place === undefined) throw new RangeError(`no deletion is known for: ${line}`);
      return kept.has(place) ? [] : [`filter del ${place}`];
    });
}

/** A route with other attributes has been replaced already and is not deleted. */
function routeDeletions(before: readonly string[], after: readonly string[]): string[] {
  const kept = new Set(after.map(routePlace));
  return before
    .filter((line) => !after.includes(line) && !kept.has(routePlace(line)))
    .map((line) => {
      if (!/^(route replace|rule add) /.test(line)) throw new RangeError(`no deletion is known for: ${line}`);
      return line.replace(/^route replace/, 'route del').replace(/^rule add/, 'rule del');
    });
}

/** Prefix and table of a route; a rule is itself. */
function routePlace(line: string): string {
  const route = /^route replace ((?:local )?\S+)/.exec(line);
  return route === null ? line : `${route[1]} ${/ table (\S+)/.exec(line)?.[1] ?? 'main'}`;
}
