import type { XfrmPolicy, XfrmState, XfrmTemplate } from '../harness/decode/kernel/xfrm-items.ts';
import type { Examination } from '../harness/judge/state/examination.ts';
import { sameAddress } from '../harness/judge/state/networks.ts';
import { allowedBy } from '../harness/judge/wire/allowed.ts';
import type { CaptureFacts } from '../harness/judge/wire/capture-facts.ts';
import type { AllowedTraffic } from '../harness/model/allowed-traffic.ts';
import type { EspAccount } from '../harness/model/ledger.ts';

/**
 * Whether every frame of an SPI in a capture is ESP outside the claim that the intent allows; if so, a note says who allows it. One frame
 * that belongs to the claim, or that no entry of the intent allows, is enough for false.
 */
export function allowedEsp(x: Examination, { record, unread }: CaptureFacts, { src, dst, spi, frames }: EspAccount): boolean {
  const { intent } = x.facts.manifest;
  const own = unread.filter((u) => u.spi === spi && sameAddress(u.src ?? '', src) && sameAddress(u.dst ?? '', dst));
  const entries = own.map((account) => allowedBy(intent, account));
  const [entry] = entries;
  if (entry == null || entries.includes(null) || own.reduce((sum, account) => sum + account.frames, 0) !== frames) return false;
  x.note(`SPI ${spi} ${src} > ${dst} of ${record.file}: ${answered(entry)}`);
  return true;
}

/** The entry of the intent that allows what an SA sends; null when none does. */
export function allowedSa(x: Examination, { src, dst, proto, encap }: XfrmState): AllowedTraffic | null {
  const ports = { sport: encap?.sport ?? null, dport: encap?.dport ?? null };
  return allowedBy(x.facts.manifest.intent, { src, dst, protocol: encap === undefined ? proto : 'udp', ...ports });
}

/** Whether a policy only sends packets to SAs that are allowed. */
export function leadsToAllowed(x: Examination, { action, templates }: XfrmPolicy, states: readonly XfrmState[]): boolean {
  const isAllowed = (template: XfrmTemplate): boolean => {
    const own = states.filter((sa) => sameAddress(sa.src, template.src) && sameAddress(sa.dst, template.dst));
    return own.length > 0 && own.every((sa) => allowedSa(x, sa) !== null);
  };
  return action !== 'block' && templates.length > 0 && templates.every(isAllowed);
}

/** Who allows it, and why. */
export function answered({ owner, reason }: AllowedTraffic): string {
  return `allowed by ${owner}, ${reason}`;
}
