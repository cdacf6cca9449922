import { DEFAULT_STACK, type Intent, type StackName } from '../model/intent.ts';
import { FAMILIES, type Family, MODE_NAMES, type Mode, type Routing } from '../model/mode.ts';
import type { ClusterProvider } from '../model/provider.ts';
import { profileOf, stackOf } from '../stacks/stack-of.ts';
import type { Config } from './config/schema.ts';
import { ExitError } from './exit-error.ts';

/** The flags that state the claim. */
export interface ClaimFlags {
  readonly stack?: StackName;
  readonly mode?: Mode;
  readonly profile?: string;
  readonly routing?: Routing;
  readonly nodeEncryption?: boolean;
  /** Names joined by commas, as typed. */
  readonly families?: string;
}

type Claims = NonNullable<Config['intent']>;

/** The modes that have the feature: claiming it says nothing about the other modes of the same run. */
const ONLY_IN = {
  nodeEncryption: ['wireguard'],
  strictIngress: ['wireguard', 'tls'],
  presharedKeys: ['wireguard'],
  perTunnelKeys: ['ipsec'],
  cryptoperiodDays: ['ipsec'],
  keySource: ['tls'],
  trustDomain: ['tls'],
  kernelTls: ['tls'],
} as const satisfies Partial<Record<keyof Intent, readonly Mode[]>>;

/**
 * One intent for each mode; flags override the file, the file overrides the defaults. Without a mode: IPsec, then WireGuard; then node
 * encryption is claimed for WireGuard and per-tunnel keys for IPsec.
 *
 * @param fileName of the configuration file, for messages
 * @throws ExitError (usage) for a claim that no version has, naming the flag or the key in the file, and the limit
 */
export function intentsOf(flags: ClaimFlags, file: Claims, fileName: string): Intent[] {
  const operand = (claim: keyof Intent): string => operandOf(claim, flags, file, fileName);
  const mode = flags.mode ?? file.mode;
  const stack = flags.stack ?? file.stack ?? (mode === 'tls' ? 'mesh-tls' : DEFAULT_STACK);
  const { defaults, refuse } = stackOf({ stack });
  const asked = flags.profile ?? file.profile ?? defaults.profile;
  const profile = profileOf({ stack, profile: asked });
  if (profile === null) throw ExitError.usage(`${operand('profile')}: no profile is known for this version`);
  const modes: readonly Mode[] = mode === undefined ? defaults.modes : [mode];
  const routing = flags.routing ?? file.routing ?? defaults.routing;
  const claims = {
    nodeEncryption: flags.nodeEncryption ?? file.nodeEncryption,
    strictIngress: file.strictIngress,
    presharedKeys: file.presharedKeys,
    perTunnelKeys: file.perTunnelKeys,
    cryptoperiodDays: file.cryptoperiodDays,
    keySource: file.keySource,
    kernelTls: file.kernelTls,
    trustDomain: file.trustDomain,
  };
  for (const claim of Object.keys(ONLY_IN) as (keyof typeof ONLY_IN)[]) {
    const having: readonly Mode[] = ONLY_IN[claim];
    if ((claims[claim] ?? false) !== false && !modes.some((each) => having.includes(each)))
      throw ExitError.usage(
        `${operand(claim)}: only ${having.map((each) => MODE_NAMES[each]).join(' and ')} has it, the mode is ${modes.join(', ')} (${operand('mode')})`,
      );
  }
  return modes.map((each) => {
    const intent: Intent = {
      stack,
      mode: each,
      routing,
      profile: profile.id,
      nodeEncryption: each === 'wireguard' && (claims.nodeEncryption ?? false),
      strictMode: file.strictMode ?? false,
      ...((each === 'wireguard' || each === 'tls') && claims.strictIngress !== undefined ? { strictIngress: claims.strictIngress } : {}),
      ...(each === 'wireguard' && claims.presharedKeys !== undefined ? { presharedKeys: claims.presharedKeys } : {}),
      perTunnelKeys: each === 'ipsec' && (claims.perTunnelKeys ?? (profile.ipsec?.perTunnelKeys.value ?? 'never') !== 'never'),
      ...(each === 'ipsec' && claims.cryptoperiodDays !== undefined ? { cryptoperiodDays: claims.cryptoperiodDays } : {}),
      ...(each === 'tls' && claims.trustDomain !== undefined ? { trustDomain: claims.trustDomain } : {}),
      ...(each === 'tls' && claims.keySource !== undefined ? { keySource: claims.keySource } : {}),
      ...(each === 'tls' && claims.kernelTls !== undefined ? { kernelTls: claims.kernelTls } : {}),
      ...(file.sctp === undefined ? {} : { sctp: file.sctp }),
      ...(file.loadBalancer === undefined ? {} : { loadBalancer: file.loadBalancer }),
      ...(file.loadBalancerXdp === undefined ? {} : { loadBalancerXdp: file.loadBalancerXdp }),
      ...(file.egressGateway === undefined ? {} : { egressGateway: file.egressGateway }),
      families: familiesOf(flags.families) ?? file.families ?? ['ipv4'],
      ...(file.allow === undefined ? {} : { allow: file.allow }),
    };
    const unknown = refuse(intent);
    if (unknown !== null) throw ExitError.usage(`${operand(unknown.claim)}: ${unknown.why}`);
    return intent;
  });
}

/** @throws ExitError (usage) for a claim that the provider cannot examine, naming the flag or the key in the file */
export function refuseClaims(
  { refuse }: ClusterProvider,
  intents: readonly Intent[],
  flags: ClaimFlags,
  file: Claims,
  fileName: string,
): void {
  for (const intent of intents) {
    const refusal = refuse(intent);
    if (refusal !== null) throw ExitError.usage(`${operandOf(refusal.claim, flags, file, fileName)}: ${refusal.why}`);
  }
}

const FLAGS: Partial<Record<keyof Intent, string>> = {
  stack: '--stack',
  mode: '--mode',
  profile: '--profile',
  routing: '--routing',
  nodeEncryption: '--node-encryption',
  families: '--families',
};

/** `ipv4,ipv6` as families; undefined without the flag. @throws ExitError (usage) naming the word that is not a family or is a duplicate */
function familiesOf(flag: string | undefined): readonly Family[] | undefined {
  if (flag === undefined) return undefined;
  const words = flag.split(',').map((word) => word.trim());
  const wrong = words.find((word, index) => !FAMILIES.some((family) => family === word) || words.indexOf(word) !== index);
  if (wrong !== undefined)
    throw ExitError.usage(`--families ${flag}: ${JSON.stringify(wrong)}; each of ${FAMILIES.join(', ')} at most once`);
  return words as Family[];
}

/** Where a claim was made: the flag with its value, the key in the file with its value, or the default. */
function operandOf(claim: keyof Intent, flags: ClaimFlags, file: Claims, fileName: string): string {
  const flagged = (flags as Partial<Record<keyof Intent, string | boolean>>)[claim];
  if (flagged !== undefined) return flagged === true ? `${FLAGS[claim]}` : `${FLAGS[claim]} ${flagged}`;
  const filed = file[claim];
  return filed === undefined ? `${claim} by default` : `${fileName}: intent.${claim} ${JSON.stringify(filed)}`;
}
