import { DATAPATH_FAULTS } from '../../clusters/datapath/faults/catalogue.ts';
import { profileFor } from '../judge/profiles/profile-for.ts';
import type { Intent } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import { ExitError } from './exit-error.ts';

/** The flags of `run` and `record` as the command line hands them over. */
export interface RunFlags {
  readonly target?: string;
  readonly mode?: Mode;
  readonly profile?: string;
  readonly routing?: Routing;
  readonly nodes?: string;
  readonly nodeEncryption?: boolean;
  readonly fault?: string;
  readonly config?: string;
  readonly out?: string;
}

/** What will be run. */
export interface RunPlan {
  readonly intents: readonly Intent[];
  readonly nodes: number;
  readonly fault: string | null;
  readonly out: string;
}

const MIN_NODES = 2;
const MAX_NODES = 9;

/** Flags over the configuration file over the defaults. @throws ExitError naming the operand and the limit. */
export async function planRun(flags: RunFlags): Promise<RunPlan> {
  const profile = flags.profile ?? '1.16';
  if (profileFor(profile) === null) throw ExitError.usage(`--profile ${profile}: no profile is known for this version`);
  const nodes = flags.nodes === undefined ? 3 : Number(flags.nodes);
  if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES)
    throw ExitError.usage(`--nodes ${flags.nodes}: must be a whole number from ${MIN_NODES} to ${MAX_NODES}`);
  const modes: Mode[] = flags.mode === undefined ? ['ipsec', 'wireguard'] : [flags.mode];
  const nodeEncryption = flags.nodeEncryption ?? false;
  if (nodeEncryption && !modes.includes('wireguard'))
    throw ExitError.usage(`--node-encryption: only WireGuard has it, --mode is ${modes.join(', ')}`);
  if (flags.fault !== undefined && !DATAPATH_FAULTS.some(({ id }) => id === flags.fault))
    throw ExitError.usage(`--fault ${flags.fault}: unknown; the lab knows ${DATAPATH_FAULTS.map(({ id }) => id).join(', ')}`);
  const intents = modes.map(
    (mode): Intent => ({
      mode,
      routing: flags.routing ?? 'vxlan',
      profile,
      nodeEncryption: nodeEncryption && mode === 'wireguard',
      strictMode: false,
      perTunnelKeys: mode === 'ipsec' && profile !== '1.6' && !profile.startsWith('1.14'),
      families: ['ipv4'],
    }),
  );
  return { intents, nodes, fault: flags.fault ?? null, out: flags.out ?? 'wirewitness-out' };
}
