import { type CpioEntry, file } from '../image/cpio.ts';
import { INIT } from './init.ts';
import { POD_SERVER } from './pod-server.ts';
import { TLS_PROXY } from './tls-proxy.ts';

/** Files of the guest that are not from packages: first process, servers of the demo pods, and a few tables that programs read. */
export const GUEST_FILES: ReadonlyMap<string, CpioEntry> = new Map([
  ['init', file(INIT, 0o755)],
  ['usr/bin/lab-server', file(POD_SERVER, 0o755)],
  ['usr/bin/lab-tls-proxy', file(TLS_PROXY, 0o755)],
  ['etc/passwd', file('root:x:0:0:root:/root:/bin/sh\ntcpdump:x:100:100::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n')],
  ['etc/group', file('root:x:0:\ntcpdump:x:100:\nnogroup:x:65534:\n')],
  ['etc/shells', file('/bin/sh\n')],
  ['etc/hosts', file('127.0.0.1 localhost\n::1 localhost\n')],
]);
