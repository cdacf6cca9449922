/**
 * Stands in for QEMU where the real one cannot be ordered to fail: what it does under each accelerator is its first argument,
 * `kvm=dies,tcg=ready`; the rest is QEMU's own command line. Its monitor answers as QEMU's does.
 */
import { watch } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { PAUSE_FILE } from './pause-file.ts';

const [orders = '', ...argv] = process.argv.slice(2);
if (argv[0] === '--version') {
  console.log('QEMU emulator version 0.0 (stand-in)');
  process.exit(0);
}
const after = (option: string): string => argv[argv.indexOf(option) + 1] ?? '';
const accelerator = after('-accel').split(',')[0] ?? '';
const order = new Map(orders.split(',').map((pair) => pair.split('=') as [string, string])).get(accelerator);

let state = 'running';
const listeners = new Set<(message: unknown) => void>();
const socket = /^unix:([^,]+)/.exec(after('-qmp'))?.[1] ?? '';
createServer((client) => {
  const say = (message: unknown): void => {
    client.write(`${JSON.stringify(message)}\r\n`);
  };
  listeners.add(say);
  say({ QMP: { version: {}, capabilities: [] } });
  client.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trim().split('\n'))
      say({ return: JSON.parse(line).execute === 'query-status' ? { status: state, running: state === 'running' } : {} });
  });
}).listen(socket);

function pause(): void {
  state = 'internal-error';
  for (const say of listeners) say({ timestamp: {}, event: 'STOP' });
}

console.log('LAB 0.10 kernel');
switch (order) {
  case 'dies':
    console.error('qemu-system-x86_64: error: failed to set MSR 0x10a to 0x69');
    process.exit(134);
    break;
  case 'pauses':
    console.error('KVM internal error. Suberror: 1\nRAX=0000000000000000 RBX=0000000000000000');
    setTimeout(pause, 50);
    break;
  case 'hangs':
    break;
  case 'chatters':
    setInterval(() => console.log('LAB 0.20 module-failed esp4'), 20);
    break;
  case 'panics':
    console.log('[    0.2] Kernel panic - not syncing: Attempted to kill init!');
    break;
  case 'no-port':
    console.error(`qemu-system-x86_64: -netdev user: Could not set up host forwarding rule`);
    process.exit(1);
    break;
  case 'pauses-later':
    console.log('LAB 0.30 ready');
    // When the test says so.
    watch(dirname(socket), (_, name) => name === PAUSE_FILE && pause());
    break;
  case 'ready':
    setTimeout(() => console.log('LAB 0.30 ready'), 20);
    break;
  default:
    throw new RangeError(`no order for ${accelerator} in ${orders}`);
}
