import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 4.2.2. */
const MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const OPCODE = { binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** The server's end of a websocket, only what exec needs. */
export interface ServerSocket {
  send(bytes: Uint8Array): void;
  /** A close frame, then the end. */
  close(): void;
  /** End the connection as a network failure does. */
  cut(): void;
}

/** Accept an upgrade. @param onMessage the payload of each message, unfragmented @param onEnd once, when the client has disconnected */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  protocol: string,
  onMessage: (bytes: Buffer) => void,
  onEnd: () => void,
): ServerSocket {
  const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${MAGIC}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  let held = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    held = Buffer.concat([held, bytes]);
    for (let frame = readFrame(held); frame !== undefined; frame = readFrame(held)) {
      held = held.subarray(frame.length);
      if (frame.opcode === OPCODE.ping) writeFrame(socket, OPCODE.pong, frame.payload);
      else if (frame.opcode === OPCODE.close) socket.end();
      else if (frame.opcode !== OPCODE.pong) onMessage(frame.payload);
    }
  });
  socket.on('error', () => {}); // The client disconnected; `close` follows.
  socket.once('close', onEnd);
  return {
    send: (bytes) => writeFrame(socket, OPCODE.binary, bytes),
    close: () => {
      writeFrame(socket, OPCODE.close, Buffer.of(0x03, 0xe8));
      socket.end();
    },
    cut: () => socket.destroy(),
  };
}

/** The first frame, unmasked; undefined while it is not complete. */
function readFrame(bytes: Buffer): { readonly opcode: number; readonly payload: Buffer; readonly length: number } | undefined {
  if (bytes.length < 6) return undefined;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < 6 + extended) return undefined;
  const size = extended === 0 ? short : extended === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const start = 6 + extended;
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: (bytes[0] ?? 0) & 0x0f, payload, length: start + size };
}

function writeFrame(socket: Duplex, opcode: number, payload: Uint8Array): void {
  if (socket.destroyed) return;
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(payload.length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(payload.length), 2);
  socket.write(Buffer.concat([head, payload]));
}
