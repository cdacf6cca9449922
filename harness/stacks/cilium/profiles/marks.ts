import type { ExactMark, MarkPattern } from '../../profile.ts';

/** 1.4-1.6: mark `0xe00/0xf00` without node id and key id. */
export const OUT_MARK_PLAIN: MarkPattern = { fixed: 0xe00, fixedMask: 0xf00, mask: 0xf00, nodeId: false, spi: false };

/** From 1.13: `0xNNNNSe00/0xffffff00`, N the node id the sender gave the peer, S the SPI. */
export const OUT_MARK: MarkPattern = { fixed: 0xe00, fixedMask: 0xf00, mask: 0xffffff00, nodeId: true, spi: true };

/** Up to 1.14: `0xd00/0xf00`, one for all peers. */
export const IN_MARK_PLAIN: MarkPattern = { fixed: 0xd00, fixedMask: 0xf00, mask: 0xf00, nodeId: false, spi: false };

/** From 1.15: `0xNNNN0d00/0xffff0f00`. */
export const IN_MARK: MarkPattern = { fixed: 0xd00, fixedMask: 0xf00, mask: 0xffff0f00, nodeId: true, spi: false };

/** Mark of packets that go to a proxy, matched by an `in` policy up to 1.16. */
export const PROXY_MARK: MarkPattern = { fixed: 0x200, fixedMask: 0xf00, mask: 0xf00, nodeId: false, spi: false };

/** The fail-closed policy's mark: every packet that is marked for encryption. */
export const BLOCK_MARK: MarkPattern = { fixed: 0xe00, fixedMask: 0xf00, mask: 0xf00, nodeId: false, spi: false };

export const OUT_OUTPUT_MARK: ExactMark = { value: 0xe00, mask: 0xffffff00 };
export const IN_OUTPUT_MARK: ExactMark = { value: 0xd00, mask: 0xffffff00 };
