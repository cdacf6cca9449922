import { type Mode, ROUTINGS, type Routing } from '../../../model/mode.ts';

/** What the agent of a version prints and accepts, where versions differ. The lab's simulated agent follows it. */
export interface AgentDialect {
  /** The release that `cilium-dbg version` names. */
  readonly version: string;
  /** Denominator of `Max Seq. Number`. */
  readonly maxSequence: '0xffffffff' | '0xffffffffffffffff';
  /** Whether `encrypt status` names the interfaces that decrypt; 1.14 leaves the line empty. */
  readonly namesDecryptInterfaces: boolean;
  /** Whether `encrypt status -o json` prints JSON; 1.14 prints the text. */
  readonly statusJson: boolean;
  /** Whether `status` has the line `Routing: Network: …`; 1.14 has `Host Routing`. */
  readonly statusRouting: boolean;
  /** Columns and rows of `bpf ipcache list`: no flags (1.14), flags, or flags with `hastunnel` and a row for each pod CIDR (from 1.18). */
  readonly ipcache: 'plain' | 'flags' | 'tunnel-flags';
  /** Whether `config --all` lists the options of IPsec and WireGuard; 1.20 does not. */
  readonly configListsModes: boolean;
  /** Whether `config --all` names the tunnel's port and protocol; 1.14 does. */
  readonly configNamesTunnel: boolean;
  /** Whether the agent counts how far its settings and the ConfigMap differ; 1.18.3 does. */
  readonly countsDrift: boolean;
  /** Whether `hubble observe` selects flows by the flag of encrypted packets (cilium/cilium #43096). */
  readonly hubbleSelectsEncrypted: boolean;
  /** Whether the CiliumNode has `encryption.key: 255` with WireGuard. */
  readonly wireguardNodeKey: boolean;
  /** `mtu` of the remote pod CIDRs in table 200, in tunnel mode. */
  readonly table200Mtu: number;
  /** Strict mode for egress: modes that have it, and whether its options are named `…-egress`. Source: upgrade notes of 1.19. */
  readonly strictMode: { readonly modes: readonly Mode[]; readonly names: 'mode' | 'egress' };
  /**
   * Routings in which WireGuard has strict mode for ingress. Source: upgrade notes of 1.19 (tunnels); bpf/bpf_host.c of 1.20.2, before
   * nodeport_lb4 (native too, cilium/cilium #46415).
   */
  readonly strictIngress: readonly Routing[];
}

/** Agent 1.14.5, recorded. */
export const AGENT_1_14: AgentDialect = {
  version: '1.14.5',
  maxSequence: '0xffffffff',
  namesDecryptInterfaces: false,
  statusJson: false,
  statusRouting: false,
  ipcache: 'plain',
  configListsModes: true,
  configNamesTunnel: true,
  countsDrift: false,
  hubbleSelectsEncrypted: false,
  wireguardNodeKey: false,
  table200Mtu: 1450,
  strictMode: { modes: [], names: 'mode' },
  strictIngress: [],
};

/** Agent 1.17.8, recorded. */
export const AGENT_1_17: AgentDialect = {
  ...AGENT_1_14,
  version: '1.17.8',
  namesDecryptInterfaces: true,
  statusJson: true,
  statusRouting: true,
  ipcache: 'flags',
  configNamesTunnel: false,
  wireguardNodeKey: true,
  strictMode: { modes: ['wireguard'], names: 'mode' },
};

/** Agent 1.18.3, recorded. */
export const AGENT_1_18: AgentDialect = {
  ...AGENT_1_17,
  version: '1.18.3',
  maxSequence: '0xffffffffffffffff',
  ipcache: 'tunnel-flags',
  countsDrift: true,
};

/** Agent 1.20.0-dev, recorded. */
export const AGENT_1_20: AgentDialect = {
  ...AGENT_1_18,
  version: '1.20.0-dev',
  configListsModes: false,
  hubbleSelectsEncrypted: true,
  table200Mtu: 1500,
  strictMode: { modes: ['ipsec', 'wireguard'], names: 'egress' },
  strictIngress: ROUTINGS,
};
