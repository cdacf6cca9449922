import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GUEST_FILES } from '../guest/files.ts';
import { type CpioEntry, directory, file, link } from './cpio.ts';
import { neededLibraries } from './elf.ts';
import { loadModules, MODULE_ROOTS, ON_DEMAND_MODULES } from './kernel-modules.ts';

/** Programs of the guest, without the leading `usr/`: a distribution with merged /usr has them there, an older one does not. */
const PROGRAMS: readonly string[] = [
  ...['bin/dash', 'bin/ip', 'sbin/tc', 'sbin/bridge', 'bin/ss', 'bin/tcpdump', 'bin/wg', 'bin/ping', 'bin/socat', 'bin/perl', 'bin/date'],
  ...['sbin/dropbear', 'sbin/conntrack', 'sbin/ethtool', 'sbin/nft'],
];

/**
 * Applets of busybox, each a link. `ip`, `ping` and `date` are not included: the real ones are used (busybox `date` has only whole
 * seconds).
 */
const APPLETS =
  'mount umount mkdir cat echo ls rm rmdir cp mv ln chmod grep sed awk head tail sleep cut tr sort uniq wc seq basename dirname env kill ps pidof ' +
  'poweroff reboot insmod lsmod sysctl hostname stty dd od hexdump md5sum sha256sum base64 nc wget vi less find xargs tee test true false touch ' +
  'mktemp setsid timeout usleep free top uname id dmesg mkfifo nohup df du tar gzip cmp stat readlink printf expr nproc uptime which nsenter';

const LIBRARY_FOLDERS = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu', 'lib64', 'usr/lib64'];
const PERL_LIBRARY = 'usr/lib/x86_64-linux-gnu/perl-base';
/** Perl's module for OpenSSL, in a folder that names Perl's version. */
const TLS_MODULE = /^usr\/lib\/x86_64-linux-gnu\/perl5\/[\d.]+\/(Net\/SSLeay\.pm|auto\/Net\/SSLeay\/(SSLeay\.so|.*\.(al|ix)))$/;
const LOADER = 'ld-linux-x86-64.so.2';

/** The guest's first file system, from the unpacked packages. */
export async function buildRootFilesystem(tree: string): Promise<{ entries: Map<string, CpioEntry>; modules: number; absent: string[] }> {
  const entries = new Map<string, CpioEntry>();
  const locate = (paths: readonly string[], what: string): string => {
    const found = paths.find((path) => existsSync(join(tree, path)));
    if (found === undefined) throw new Error(`guest image: ${what} is in none of the packages (looked for ${paths.join(', ')})`);
    return found;
  };
  const addProgram = async (source: string, target: string): Promise<void> => {
    if (entries.has(target)) return;
    const data = await readFile(join(tree, source));
    entries.set(target, file(data, 0o755));
    for (const library of neededLibraries(data, source)) {
      const from = locate(
        LIBRARY_FOLDERS.map((folder) => `${folder}/${library}`),
        `${library}, which ${source} needs,`,
      );
      await addProgram(from, library === LOADER ? `lib64/${LOADER}` : `usr/lib/x86_64-linux-gnu/${library}`);
    }
  };
  for (const program of PROGRAMS) {
    const other = program.startsWith('bin/') ? program.replace('bin/', 'sbin/') : program.replace('sbin/', 'bin/');
    await addProgram(locate([program, `usr/${program}`, other, `usr/${other}`], program), `usr/${program}`);
  }
  await addProgram(
    locate(
      LIBRARY_FOLDERS.map((folder) => `${folder}/${LOADER}`),
      LOADER,
    ),
    `lib64/${LOADER}`,
  );
  entries.set('bin/busybox', file(await readFile(join(tree, locate(['bin/busybox', 'usr/bin/busybox'], 'busybox'))), 0o755));
  entries.set('bin/sh', link('/usr/bin/dash'));
  for (const applet of APPLETS.split(' ')) entries.set(`bin/${applet}`, link('busybox'));
  // The recorder's traffic driver is Perl: one process for all flows of a pod; a program for each request would be much slower.
  for (const path of await readdir(join(tree, PERL_LIBRARY), { recursive: true })) {
    if (/\.(pm|pl|al|ix)$/.test(path)) entries.set(`${PERL_LIBRARY}/${path}`, file(await readFile(join(tree, PERL_LIBRARY, path))));
    if (path.endsWith('.so')) await addProgram(`${PERL_LIBRARY}/${path}`, `${PERL_LIBRARY}/${path}`);
  }
  const perlModules = 'usr/lib/x86_64-linux-gnu/perl5';
  for (const name of await readdir(join(tree, perlModules), { recursive: true })) {
    const path = `${perlModules}/${name}`;
    if (!TLS_MODULE.test(path)) continue;
    if (path.endsWith('.so')) await addProgram(path, path);
    else entries.set(path, file(await readFile(join(tree, path))));
  }
  // iproute2 and other programs look up protocol names; static programs crash with name services other than plain files.
  for (const path of ['etc/protocols', 'etc/services']) entries.set(path, file(await readFile(join(tree, path))));
  const [release] = await readdir(join(tree, locate(['lib/modules', 'usr/lib/modules'], 'the kernel modules')));
  const folder = locate([`lib/modules/${release}`, `usr/lib/modules/${release}`], `modules of ${release}`);
  const { modules, absent } = await loadModules(join(tree, folder), MODULE_ROOTS);
  const more = await loadModules(join(tree, folder), ON_DEMAND_MODULES);
  for (const { name, data } of [...modules, ...more.modules]) entries.set(`mods/${name}.ko`, file(data));
  entries.set('mods/order', file(`${modules.map(({ name }) => name).join('\n')}\n`));
  for (const path of ['dev', 'proc', 'sys', 'run', 'tmp', 'root', 'var', 'etc/dropbear']) entries.set(path, directory());
  for (const [path, entry] of GUEST_FILES) entries.set(path, entry);
  return { entries, modules: modules.length, absent };
}

/** All inputs of {@link buildRootFilesystem}, for the image's identity. */
export const ROOT_FILESYSTEM_INPUTS: readonly string[] = [...PROGRAMS, APPLETS, TLS_MODULE.source, ...MODULE_ROOTS, ...ON_DEMAND_MODULES];
