/** `0xNNNNSe00`: node id and SPI of a packet that must be encrypted; mask 0xffffff00. */
export function encryptMark(nodeId: number, spi: number): string {
  return hex(((nodeId << 16) | (spi << 12) | 0xe00) >>> 0);
}

/** `0xNNNN0d00`: node id of the sender of a packet that must be decrypted; mask 0xffff0f00. */
export function decryptMark(nodeId: number): string {
  return hex(((nodeId << 16) | 0xd00) >>> 0);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
