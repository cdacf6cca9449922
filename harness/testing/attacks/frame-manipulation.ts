import type { Manipulation } from './attack.ts';
import type { BaseName } from './base.ts';
import { onTheWire } from './wire-packets.ts';

/** The frames of a manipulation by variant: one frame, or several one after the other. */
export type FrameVariants = Readonly<Record<string, () => Uint8Array | readonly Uint8Array[]>>;

/** A manipulation that puts the frames of a variant between the nodes. */
export function withFrames(
  id: string,
  what: string,
  frames: FrameVariants,
  turns: readonly string[],
  on: readonly BaseName[] = ['ipsec-1.17', 'wireguard'],
): Manipulation {
  return {
    id,
    what,
    on,
    variants: Object.keys(frames),
    turns,
    edit: (draft, name) => {
      const make = frames[name];
      if (make === undefined) throw new RangeError(`there is no frame ${name}`);
      const made = make();
      onTheWire(draft, ...(made instanceof Uint8Array ? [made] : made));
    },
  };
}
