import type { CanarySighting, ClearAccount, UnreadAccount } from './capture-facts.ts';

/** `10.0.0.1:80`, or the address alone. */
function end(address: string, port: number | null): string {
  if (port === null) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** How the packet was found, if not by decoding headers. */
function foundBy({ readBy, foundAt, class: name }: ClearAccount): string {
  if (readBy === 'search') return `, found in bytes that no decoder reads, at byte ${foundAt} of the frame`;
  if (readBy === 'border') return `, split over two segments or datagrams, the second from byte ${foundAt} of the frame on`;
  if (readBy === 'content') return `, readable from byte ${foundAt} of the frame on behind a header of ciphertext`;
  return name === 'clear' ? '' : `, ${name} that is not of the claimed encryption`;
}

/** Frames of one kind whose content is not known, as text: number, EtherType, ends, layers, first frame, place. */
export function describeUnread(account: UnreadAccount & { readonly capture: string }): string {
  const { frames, bytes, src, dst, sport, dport, protocol, layers, firstFrame, capture, laterFragments } = account;
  const spi = account.spi === null ? '' : ` with SPI ${account.spi}`;
  const kind = laterFragments ? `${account.class} later fragment(s)` : `${account.class} frame(s)`;
  // For a frame that was read as IP the layers show it.
  const type = account.etherType === null || src !== null ? '' : ` of EtherType ${account.etherType}`;
  const ends = src === null || dst === null ? '' : ` ${end(src, sport)} > ${end(dst, dport)} ${protocol}${spi}`;
  return `${frames} ${kind}${type}${ends}, ${bytes} bytes (${layers}), the first frame ${firstFrame} of ${capture}`;
}

/** One readable account as text: ends, protocol, layers, first frame, place. */
export function describeClear(account: ClearAccount & { readonly capture?: string }): string {
  const outer =
    account.outerSrc === account.src && account.outerDst === account.dst ? '' : ` inside ${account.outerSrc} > ${account.outerDst}`;
  const where = account.capture === undefined ? '' : ` of ${account.capture}`;
  return `${end(account.src, account.sport)} > ${end(account.dst, account.dport)} ${account.protocol}${outer} (${account.layers}${foundBy(account)}), frame ${account.firstFrame}${where}`;
}

/** One canary sighting as text. */
export function describeSighting(sighting: CanarySighting & { readonly capture?: string }): string {
  const where = sighting.capture === undefined ? '' : ` of ${sighting.capture}`;
  return `as ${sighting.form} in ${sighting.frames} frame(s) of class ${sighting.class}, first ${sighting.src} > ${sighting.dst}, frame ${sighting.firstFrame}${where}`;
}
