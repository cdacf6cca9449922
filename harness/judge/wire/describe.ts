import type { CanarySighting, ClearAccount } from './capture-facts.ts';

/** `10.0.0.1:80`, or the address alone. */
function end(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** One readable account in words: ends, protocol, layers, first frame, place. */
export function describeClear(account: ClearAccount & { readonly capture?: string }): string {
  const outer =
    account.outerSrc === account.src && account.outerDst === account.dst ? '' : ` inside ${account.outerSrc} > ${account.outerDst}`;
  const where = account.capture === undefined ? '' : ` of ${account.capture}`;
  return `${end(account.src, account.sport)} > ${end(account.dst, account.dport)} ${account.protocol}${outer} (${account.layers}), frame ${account.firstFrame}${where}`;
}

/** One canary sighting in words. */
export function describeSighting(sighting: CanarySighting & { readonly capture?: string }): string {
  const where = sighting.capture === undefined ? '' : ` of ${sighting.capture}`;
  return `as ${sighting.form} in ${sighting.frames} frame(s) of class ${sighting.class}, first ${sighting.src} > ${sighting.dst}, frame ${sighting.firstFrame}${where}`;
}
