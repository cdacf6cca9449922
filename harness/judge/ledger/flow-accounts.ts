import { formatAddress } from '../../decode/wire/address.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import { CLASS_NAMES } from '../../decode/wire/frame-class.ts';
import { type LayerPaths, protocolName } from '../../decode/wire/layer.ts';
import type { FlowAccount } from '../../model/ledger.ts';
import { FlowTable, NO_PORT } from './flow-table.ts';

/** The accounts of flows of a part of a capture: plain data. */
export interface FlowsOfPart {
  readonly keys: Uint32Array;
  readonly frames: Float64Array;
  readonly bytes: Float64Array;
}

/** Accounts of flows. Grows with the number of different flows, not with frames. */
export class FlowAccounts {
  readonly #table = new FlowTable();
  #frames = new Float64Array(512);
  #bytes = new Float64Array(512);

  /** Count a frame that has an IP header. Returns the flow's index. */
  note(frame: Frame): number {
    const index = this.#table.intern(frame);
    this.#add(index, 1, frame.len);
    return index;
  }

  ofPart(): FlowsOfPart {
    const { size } = this.#table;
    return { keys: this.#table.keys(), frames: this.#frames.slice(0, size), bytes: this.#bytes.slice(0, size) };
  }

  /**
   * Add those of the next part of the capture. Returns the index here of each of its flows.
   * @param paths the numbers here of its layer paths
   */
  addPart({ keys, frames, bytes }: FlowsOfPart, paths: readonly number[]): Int32Array {
    const indices = new Int32Array(frames.length);
    for (let flow = 0; flow < frames.length; flow++) {
      indices[flow] = this.#table.internKey(keys, flow, paths);
      this.#add(indices[flow]!, frames[flow]!, bytes[flow]!);
    }
    return indices;
  }

  #add(index: number, frames: number, bytes: number): void {
    if (index >= this.#frames.length) this.#grow();
    this.#frames[index]! += frames;
    this.#bytes[index]! += bytes;
  }

  /** Move the counts of fragments under `from` to the flow of their first fragment. */
  move(from: number, to: number, frames: number, bytes: number): void {
    this.#frames[from]! -= frames;
    this.#bytes[from]! -= bytes;
    this.#frames[to]! += frames;
    this.#bytes[to]! += bytes;
  }

  accounts(paths: LayerPaths): FlowAccount[] {
    const flows: FlowAccount[] = [];
    for (let index = 0; index < this.#table.size; index++) if (this.#frames[index]! > 0) flows.push(this.#account(index, paths));
    return flows;
  }

  #account(index: number, paths: LayerPaths): FlowAccount {
    const table = this.#table;
    const words = table.addresses(index);
    const kinds = table.word(index, 16);
    const family = (kinds >> 8) & 255;
    const outer = kinds >> 16;
    const pathAndProtocol = table.word(index, 17);
    const sport = table.word(index, 18);
    const dport = table.word(index, 19);
    return {
      src: formatAddress(family, words, 8),
      dst: formatAddress(family, words, 12),
      protocol: protocolName(pathAndProtocol & 255),
      sport: sport === NO_PORT ? null : sport,
      dport: dport === NO_PORT ? null : dport,
      class: CLASS_NAMES[kinds & 255]!,
      frames: this.#frames[index]!,
      bytes: this.#bytes[index]!,
      family: family === 4 ? 'ipv4' : 'ipv6',
      outer: { src: formatAddress(outer, words, 0), dst: formatAddress(outer, words, 4) },
      layers: paths.name(pathAndProtocol >>> 8),
    };
  }

  #grow(): void {
    const frames = new Float64Array(this.#frames.length * 2);
    const bytes = new Float64Array(this.#bytes.length * 2);
    frames.set(this.#frames);
    bytes.set(this.#bytes);
    this.#frames = frames;
    this.#bytes = bytes;
  }
}
