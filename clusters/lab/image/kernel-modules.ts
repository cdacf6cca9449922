import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { runOrThrow } from '../../../harness/proc/run.ts';

/**
 * Modules the lab loads, dependencies found by `depends=`. The order matters because the kernel looks up algorithms by name while a module
 * starts: jitterentropy_rng needs sha3, drbg needs jitterentropy_rng and sha512.
 */
export const MODULE_ROOTS: readonly string[] = [
  ...['virtio_pci', 'virtio_net', 'virtio_console', 'virtio_rng'],
  ...['veth', 'bridge', 'dummy', 'sctp', 'vxlan', 'geneve', 'wireguard', 'esp4', 'esp6', 'xfrm_user', 'xfrm_interface'],
  ...[
    'sha3_generic',
    'sha512_generic',
    'jitterentropy_rng',
    'drbg',
    'gcm',
    'ghash-generic',
    'ctr',
    'seqiv',
    'echainiv',
    'authenc',
    'authencesn',
  ],
  ...['des_generic', 'xts', 'aesni_intel', 'ghash-clmulni-intel'],
  ...['sch_ingress', 'sch_netem', 'cls_flower', 'cls_matchall', 'cls_u32', 'cls_fw', 'cls_bpf', 'cls_basic', 'em_meta'],
  ...['act_skbedit', 'act_mirred', 'act_gact', 'act_tunnel_key', 'act_csum', 'act_pedit'],
  ...['nf_tables', 'nft_chain_nat', 'nft_ct', 'nft_nat', 'nft_masq', 'nft_numgen', 'nft_hash', 'nft_log', 'nft_limit'],
  ...['nft_reject_inet', 'nft_fib_inet', 'nft_tunnel', 'nft_xfrm', 'nf_conntrack_netlink'],
];

/** Modules that only some layouts load: `insmod /mods/NAME.ko`. */
export const ON_DEMAND_MODULES: readonly string[] = ['tls', 'tcp_diag'];

/** Modules that the lab needs; the others may be built in or absent on other kernels. */
const ESSENTIAL = new Set([
  'virtio_net',
  'veth',
  'bridge',
  'vxlan',
  'wireguard',
  'esp4',
  'xfrm_user',
  'nf_tables',
  'sch_ingress',
  'cls_flower',
]);

/** A module as the guest loads it. */
export interface KernelModule {
  /** With underscores, as in `lsmod`. */
  readonly name: string;
  /** Uncompressed. */
  readonly data: Buffer;
}

/** Names in a module's `depends=` entry of its .modinfo section. */
export function moduleDepends(module: Buffer): string[] {
  const marker = module.indexOf('\0depends=');
  if (marker < 0) return [];
  const start = marker + '\0depends='.length;
  return module
    .toString('latin1', start, module.indexOf(0, start))
    .split(',')
    .filter((name) => name !== '');
}

/**
 * Read the wanted modules and all they depend on, in load order, and the names that are neither files nor built in.
 * @throws Error naming an essential module that the kernel package lacks
 */
export async function loadModules(folder: string, roots: readonly string[]): Promise<{ modules: KernelModule[]; absent: string[] }> {
  const builtin = new Set((await readFile(join(folder, 'modules.builtin'), 'utf8')).split('\n').map(moduleName));
  const paths = (await readdir(folder, { recursive: true })).filter((path) => /\.ko(\.xz|\.zst|\.gz)?$/.test(path)).sort();
  const files = new Map(paths.map((path) => [moduleName(path), join(folder, path)]));
  const modules: KernelModule[] = [];
  const absent: string[] = [];
  const seen = new Set<string>();
  const visit = async (wanted: string): Promise<void> => {
    const name = moduleName(wanted);
    if (seen.has(name)) return;
    seen.add(name);
    const path = files.get(name);
    if (path === undefined) {
      if (builtin.has(name)) return;
      if (ESSENTIAL.has(name)) throw new Error(`the kernel package has no module ${name}, looked in ${basename(folder)}`);
      absent.push(name);
      return;
    }
    const data = await readModule(path);
    for (const dependency of moduleDepends(data)) await visit(dependency);
    modules.push({ name, data });
  };
  for (const root of roots) await visit(root);
  return { modules, absent };
}

function moduleName(path: string): string {
  return basename(path)
    .replace(/\.ko(\..*)?$/, '')
    .replaceAll('-', '_');
}

/** The guest's insmod reads only uncompressed modules. */
async function readModule(path: string): Promise<Buffer> {
  const raw = await readFile(path);
  if (path.endsWith('.zst')) return zstdDecompressSync(raw);
  if (!path.endsWith('.xz')) return raw;
  const plain = path.slice(0, -'.xz'.length);
  await runOrThrow(['xz', '--decompress', '--keep', '--force', path], { timeoutMs: 30_000 });
  return readFile(plain);
}
