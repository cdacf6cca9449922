import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directory, file, writeCpio } from '../image/cpio.ts';
import type { GuestImage } from '../image/image.ts';
import { makeSshKey } from './keys.ts';

/** A unix socket path may have 104 bytes on macOS, 108 on Linux; ssh adds 17 while it creates the socket. */
const SOCKET_PATH_LIMIT = 104 - 18;

/** The private files of one lab. They contain keys, so the folder is 0700 and is removed with the lab. */
export interface RunFolder {
  readonly path: string;
  readonly initrd: string;
  readonly sshConfig: string;
}

/** Create the folder: keys of this run, the initrd with them for the guest, and ssh's configuration. */
export async function makeRunFolder(image: GuestImage, port: number): Promise<RunFolder> {
  const parent = await realpath(tmpdir());
  refuseLongPath(join(parent, 'ww-lab-XXXXXX', 'mux'));
  const path = await mkdtemp(join(parent, 'ww-lab-'));
  try {
    return await fill(path, image, port);
  } catch (error) {
    await rm(path, { recursive: true, force: true });
    throw error;
  }
}

async function fill(path: string, image: GuestImage, port: number): Promise<RunFolder> {
  const control = join(path, 'mux');
  const client = makeSshKey('lab');
  const host = makeSshKey('guest');
  const initrd = join(path, 'initrd');
  const keys = writeCpio(
    new Map([
      ['lab', directory(0o700)],
      ['lab/authorized_keys', file(`${client.publicLine} lab\n`, 0o600)],
      ['lab/hostkey', file(host.dropbear, 0o600)],
    ]),
  );
  const base = await readFile(image.initrd);
  await writeFile(initrd, Buffer.concat([base, Buffer.alloc((4 - (base.length % 4)) % 4), keys]), { mode: 0o600 });
  await writeFile(join(path, 'id'), client.openssh, { mode: 0o600 });
  await writeFile(join(path, 'known_hosts'), `[127.0.0.1]:${port} ${host.publicLine}\n`, { mode: 0o600 });
  const sshConfig = join(path, 'ssh_config');
  const settings = [
    ...[
      'Host lab',
      'HostName 127.0.0.1',
      `Port ${port}`,
      'User root',
      `IdentityFile "${path}/id"`,
      'IdentitiesOnly yes',
      'IdentityAgent none',
    ],
    ...[`UserKnownHostsFile "${path}/known_hosts"`, 'GlobalKnownHostsFile /dev/null', 'StrictHostKeyChecking yes', 'UpdateHostKeys no'],
    ...[
      'HostKeyAlgorithms ssh-ed25519',
      'PasswordAuthentication no',
      'BatchMode yes',
      'LogLevel ERROR',
      'ForwardAgent no',
      'ForwardX11 no',
    ],
    ...['ConnectTimeout 20', 'ServerAliveInterval 10', 'ServerAliveCountMax 6', `ControlPath "${control}"`, 'ControlMaster no'],
  ];
  await writeFile(sshConfig, `${settings.join('\n')}\n`, { mode: 0o600 });
  return { path, initrd, sshConfig };
}

function refuseLongPath(socket: string): void {
  const length = Buffer.byteLength(socket);
  if (length <= SOCKET_PATH_LIMIT) return;
  throw new RangeError(
    `the temporary folder's path is too long for a socket: ${socket} has ${length} bytes, the limit is ${SOCKET_PATH_LIMIT}; set TMPDIR`,
  );
}
