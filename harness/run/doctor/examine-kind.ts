import { readFile } from 'node:fs/promises';
import { WITNESS_IMAGE } from '../../../clusters/demo/names.ts';
import { probeKernel } from '../../../clusters/kind/reference/probe-kernel.ts';
import { findProgram } from '../../proc/find-program.ts';
import { run } from '../../proc/run.ts';
import type { MachineFinding } from './examine-machine.ts';

/** Watches and instances that three nodes with their pods need: a known issue of kind. */
const INOTIFY = [
  { name: 'max_user_instances', wanted: 512 },
  { name: 'max_user_watches', wanted: 524_288 },
] as const;

const ASK_MS = 30_000;

/** What this machine has and what is missing for a kind cluster. Starts one short container, if its image exists. */
export async function examineKind(): Promise<MachineFinding[]> {
  const engine = await examineEngine();
  return [
    engine,
    program('kind', 'creates the cluster', 'go install sigs.k8s.io/kind@latest, or https://kind.sigs.k8s.io'),
    ...installers(),
    ...(await Promise.all(INOTIFY.map(({ name, wanted }) => examineInotify(name, wanted)))),
    ...(engine.state === 'ok' ? await examineImageAndKernel() : []),
  ];
}

function program(name: string, purpose: string, fix: string, optional = false): MachineFinding {
  const path = findProgram(name);
  if (path !== undefined) return { name, state: 'ok', detail: `${path} (${purpose})`, fix: '' };
  return { name, state: optional ? 'optional' : 'missing', detail: `not found (${purpose})`, fix };
}

/** Either of the two installs Cilium; the reference datapath needs neither. */
function installers(): MachineFinding[] {
  const cilium = program(
    'cilium',
    'installs Cilium; not needed for --datapath reference',
    'https://github.com/cilium/cilium-cli/releases',
    true,
  );
  const helm = program('helm', 'installs Cilium if there is no cilium program', 'https://helm.sh/docs/intro/install/', true);
  return [cilium, helm];
}

async function examineEngine(): Promise<MachineFinding> {
  const name = 'docker';
  const fix = 'sudo apt-get install docker.io, or start it and give this user access to its socket';
  const asked = await run(['docker', 'version', '--format', '{{.Server.Version}}'], { timeoutMs: ASK_MS }).catch((error: Error) => error);
  if (asked instanceof Error) return { name, state: 'missing', detail: asked.message, fix };
  if (asked.exitCode !== 0) return { name, state: 'missing', detail: asked.stderr.trim().split('\n')[0] ?? 'it does not answer', fix };
  return { name, state: 'ok', detail: `engine ${asked.stdout.trim()}`, fix: '' };
}

/** @param name under /proc/sys/fs/inotify */
export async function examineInotify(name: string, wanted: number, folder = '/proc/sys/fs/inotify'): Promise<MachineFinding> {
  const title = `inotify ${name}`;
  const fix = `sudo sysctl -w fs.inotify.${name}=${wanted}`;
  const value = await readFile(`${folder}/${name}`, 'utf8').then(Number, () => null);
  if (value === null) return { name: title, state: 'optional', detail: 'cannot be read here', fix: '' };
  return {
    name: title,
    state: value >= wanted ? 'ok' : 'missing',
    detail: `${value}, kind needs ${wanted} for three nodes`,
    fix: value >= wanted ? '' : fix,
  };
}

async function examineImageAndKernel(): Promise<MachineFinding[]> {
  const name = 'witness image';
  const found = await run(['docker', 'image', 'inspect', WITNESS_IMAGE], { timeoutMs: ASK_MS });
  if (found.exitCode !== 0)
    return [
      {
        name,
        state: 'optional',
        detail: `${WITNESS_IMAGE} is not here; the first run builds it`,
        fix: `docker build --tag ${WITNESS_IMAGE} clusters/kind/witness`,
      },
    ];
  const kernel = await probeKernel(WITNESS_IMAGE);
  return [
    { name, state: 'ok', detail: WITNESS_IMAGE, fix: '' },
    {
      name: 'kernel ESP',
      state: kernel.esp ? 'ok' : 'optional',
      detail: kernel.esp ? 'IPsec can run in the nodes' : 'none: no IPsec in the nodes',
      fix: kernel.esp ? '' : 'sudo modprobe esp4',
    },
    {
      name: 'kernel WireGuard',
      state: kernel.wireguard === 'none' ? 'missing' : kernel.wireguard === 'kernel' ? 'ok' : 'optional',
      detail: {
        kernel: 'in the kernel',
        userspace: 'none; the reference datapath uses wireguard-go over TUN instead',
        none: 'neither WireGuard nor TUN',
      }[kernel.wireguard],
      fix: kernel.wireguard === 'kernel' ? '' : 'sudo modprobe wireguard',
    },
    {
      name: 'kernel tunnels',
      state: kernel.tunnel ? 'ok' : 'optional',
      detail: kernel.tunnel
        ? 'the reference datapath can use vxlan and geneve'
        : 'no act_tunnel_key or cls_flower: the reference datapath needs --routing native',
      fix: kernel.tunnel ? '' : 'sudo modprobe act_tunnel_key cls_flower act_skbedit',
    },
  ];
}
