import { rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EnvironmentError } from '../../../harness/model/environment-error.ts';
import { run, runOrThrow } from '../../../harness/proc/run.ts';

/** Programs of the guest. Their libraries come from the dependencies of their packages. */
const TOOL_PACKAGES: readonly string[] = [
  ...['busybox-static', 'dash', 'iproute2', 'tcpdump', 'wireguard-tools', 'iputils-ping', 'dropbear-bin'],
  ...['conntrack', 'nftables', 'ethtool', 'socat', 'netbase', 'perl-base', 'coreutils'],
];

/** Packages without their dependencies: of Perl's TLS only the module is used, with the OpenSSL that other programs bring. */
const SINGLE_PACKAGES: readonly string[] = ['libnet-ssleay-perl'];

/** Meta-packages that name the newest kernel for virtual machines, the smallest first: Debian, then Ubuntu. */
const KERNEL_META: readonly string[] = ['linux-image-cloud-amd64', 'linux-image-kvm', 'linux-image-virtual', 'linux-image-amd64'];

/** A package file as the distribution's index describes it. */
export interface PackageFile {
  /** As `apt-get download` names it: name, version, architecture. */
  readonly fileName: string;
  /** `SHA256:…`, or another digest of the index. */
  readonly checksum: string;
  readonly name: string;
}

/** Thrown when this machine's package index does not list the packages of the guest. */
export class PackageIndexError extends EnvironmentError {
  override readonly name = 'PackageIndexError';
}

/** Find the newest packages of the guest, without downloading them. Takes about a second. */
export async function resolvePackages(signal?: AbortSignal): Promise<PackageFile[]> {
  const kernel = await kernelPackages(signal);
  const depends = await apt(['apt-cache', ...NO_EXTRAS, '--recurse', 'depends', ...TOOL_PACKAGES], signal);
  const closure = depends.split('\n').filter((line) => /^[a-z0-9][a-z0-9.+-]+(:amd64)?$/.test(line));
  const wanted = closure.map((name) => name.replace(/:amd64$/, '')).filter((name) => TOOL_PACKAGES.includes(name) || isLibrary(name));
  return describe([...new Set([...kernel, ...wanted, ...SINGLE_PACKAGES])].sort(), signal);
}

const NO_EXTRAS = ['--no-recommends', '--no-suggests', '--no-conflicts', '--no-breaks', '--no-replaces', '--no-enhances'];

function isLibrary(name: string): boolean {
  return /^(lib[a-z0-9]|zlib1g)/.test(name) && !/^lib(pam|perl|semanage|sepol|newt|slang|textwrap|debian)|-common$|-bin$/.test(name);
}

async function kernelPackages(signal?: AbortSignal): Promise<string[]> {
  for (const meta of KERNEL_META) {
    const direct = await dependsOf(meta, /^linux-(image|modules)-/, signal);
    const image = direct.find((name) => name.startsWith('linux-image-'));
    if (image === undefined) continue;
    // Ubuntu has the modules in separate packages; Debian has them in the image package.
    return [...direct, ...(await dependsOf(image, /^linux-modules-/, signal))];
  }
  throw new PackageIndexError(
    `the package index names no kernel: none of ${KERNEL_META.join(', ')} is known (is this Debian or Ubuntu on amd64, and did \`apt-get update\` run?)`,
  );
}

async function dependsOf(name: string, pattern: RegExp, signal?: AbortSignal): Promise<string[]> {
  const text = await apt(['apt-cache', ...NO_EXTRAS, 'depends', name], signal, true);
  return [...text.matchAll(/^ +\|?Depends: (\S+)$/gm)].map((match) => match[1]!).filter((found) => pattern.test(found));
}

async function describe(names: readonly string[], signal?: AbortSignal): Promise<PackageFile[]> {
  const text = await apt(['apt-get', 'download', '--print-uris', ...names], signal);
  const files = [...text.matchAll(/^'[^']+' (\S+) \d+ (\S*)$/gm)].map((match) => ({
    fileName: match[1]!,
    checksum: match[2]!,
    name: match[1]!.split('_')[0]!,
  }));
  const lacking = names.filter((name) => !files.some((entry) => entry.name === name));
  if (lacking.length > 0) throw new PackageIndexError(`the package index offers no download of ${lacking.join(', ')}`);
  return files;
}

/** Download what is missing in the folder. apt verifies the checksums. */
export async function downloadPackages(
  files: readonly PackageFile[],
  folder: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string[]> {
  const missing: PackageFile[] = [];
  for (const entry of files) if (!(await exists(join(folder, entry.fileName)))) missing.push(entry);
  if (missing.length > 0) {
    progress(`downloading ${missing.length} packages for the guest (kernel, tools, libraries)`);
    const staging = join(folder, `incoming-${process.pid}`);
    await runOrThrow(['mkdir', '-p', staging]);
    // The sandbox user may not write into a private folder; apt would only warn, on every package.
    const command = ['apt-get', 'download', '-q', '-o', 'APT::Sandbox::User=root', ...missing.map((entry) => entry.name)];
    await runOrThrow(command, { cwd: staging, timeoutMs: 600_000, ...(signal === undefined ? {} : { signal }) });
    for (const entry of missing) await rename(join(staging, entry.fileName), join(folder, entry.fileName));
    await runOrThrow(['rmdir', staging]);
  }
  return files.map((entry) => join(folder, basename(entry.fileName)));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function apt(argv: readonly string[], signal?: AbortSignal, mayFail = false): Promise<string> {
  const options = { timeoutMs: 60_000, env: { LC_ALL: 'C' }, ...(signal === undefined ? {} : { signal }) };
  if (!mayFail) return (await runOrThrow(argv, options)).stdout;
  return (await run(argv, options)).stdout;
}

/** All names that {@link resolvePackages} queries. */
export const WANTED_PACKAGES: readonly string[] = [...KERNEL_META, ...TOOL_PACKAGES, ...SINGLE_PACKAGES];
