import { documented, recorded } from '../../origin.ts';
import type { IpsecProfile } from '../../profile.ts';
import { IN_MARK, IN_OUTPUT_MARK, OUT_MARK, OUT_OUTPUT_MARK } from './marks.ts';
import {
  BLOCK_POLICY,
  DECRYPT_RULE,
  ENCRYPT_RULE,
  FWD_POLICY,
  HOST_PAIR,
  IDLE_HOST_PAIR,
  IDLE_NODE_PAIR,
  IN_WILDCARD_POLICY,
  LEFT_IN_POLICIES,
  NODE_PAIR,
  OUT_NODE_POLICY,
  OUT_POD_POLICY,
  table200,
} from './parts.ts';

const GENEVE = 'as vxlan: the tunnel type does not touch the XFRM layout (pkg/datapath/linux/ipsec)';
const POLICIES = [OUT_POD_POLICY, IN_WILDCARD_POLICY, ...LEFT_IN_POLICIES, FWD_POLICY, BLOCK_POLICY];
const WITH_NODES = [...POLICIES, OUT_NODE_POLICY];

/** IPsec of 1.17, seen on agent 1.17.8: a key for each tunnel, ESP in VXLAN, an idle SA pair between node addresses. */
export function ipsec117(agent: string): IpsecProfile {
  const native = 'agent 1.18.3 native; the native path did not change from 1.17';
  return {
    ipv6: documented(
      'as-ipv4',
      'pkg/datapath/linux/ipsec.go enableIPSecIPv6Do and pkg/datapath/linux/ipsec; the recorded agents had IPv6 off',
    ),
    encapsulation: {
      vxlan: recorded('esp-in-vxlan', agent),
      geneve: documented('esp-in-geneve', GENEVE),
      native: documented('esp', native),
    },
    saPairs: {
      vxlan: recorded([HOST_PAIR, IDLE_NODE_PAIR], agent),
      geneve: documented([HOST_PAIR, IDLE_NODE_PAIR], GENEVE),
      native: documented([HOST_PAIR], native),
    },
    sharedInSa: recorded(false, agent),
    outMark: recorded(OUT_MARK, agent),
    inMark: recorded(IN_MARK, agent),
    outOutputMark: recorded(OUT_OUTPUT_MARK, agent),
    inOutputMark: recorded(IN_OUTPUT_MARK, agent),
    reqid: recorded(1, agent),
    perTunnelKeys: documented('always', 'pkg/datapath/linux/ipsec/ipsec_linux.go of 1.17.8, getNodeIPsecKey: derived in any case'),
    esn: recorded(true, agent),
    replayWindow: recorded(1024, agent),
    policies: {
      vxlan: recorded(WITH_NODES, agent),
      geneve: documented(WITH_NODES, GENEVE),
      native: documented(POLICIES, native),
    },
    ipRules: recorded([DECRYPT_RULE, ENCRYPT_RULE], agent),
    table200: {
      vxlan: recorded(table200('tunnel', ['kernel']), agent),
      geneve: documented(table200('tunnel', ['kernel']), GENEVE),
      native: documented(table200('uplink', ['kernel']), native),
    },
    keyIds: documented({ min: 1, max: 15 }, 'pkg/datapath/linux/ipsec LoadIPSecKeys'),
    keysInUse: recorded('distinct-keys', agent),
    podMtuOverhead: { vxlan: recorded(127, agent), geneve: documented(127, GENEVE), native: documented(77, native) },
    podRouteDevices: {
      vxlan: recorded(['cilium_host'], agent),
      geneve: documented(['cilium_host'], GENEVE),
      native: documented(['uplink', 'cilium_host'], native),
    },
    errorAllowance: recorded({}, `${agent}: every counter stayed 0`),
    blockPolicyOutlives: documented(false, 'agent 1.14.5 leaves nothing; not tried on 1.17'),
  };
}

/** IPsec from 1.18, seen on agents 1.18.3 (vxlan, native) and 1.20.0-dev: VXLAN in ESP between node addresses. */
export function ipsec118(agent: string, options: { readonly encryptRule: boolean; readonly nativeAgent: string }): IpsecProfile {
  const base = ipsec117(agent);
  const native = options.nativeAgent;
  return {
    ...base,
    perTunnelKeys: recorded('always', 'agent 1.18.3 with key id 3, without +: 4 keys in use, each derived'),
    encapsulation: {
      vxlan: recorded('vxlan-in-esp', agent),
      geneve: documented('geneve-in-esp', GENEVE),
      native: recorded('esp', native),
    },
    saPairs: {
      vxlan: recorded([IDLE_HOST_PAIR, NODE_PAIR], agent),
      geneve: documented([IDLE_HOST_PAIR, NODE_PAIR], GENEVE),
      native: recorded([HOST_PAIR], native),
    },
    policies: {
      vxlan: recorded(WITH_NODES, agent),
      geneve: documented(WITH_NODES, GENEVE),
      native: recorded(POLICIES, native),
    },
    ipRules: recorded(options.encryptRule ? [DECRYPT_RULE, ENCRYPT_RULE] : [DECRYPT_RULE], agent),
    table200: { ...base.table200, native: recorded(table200('uplink', ['kernel']), native) },
    podMtuOverhead: { ...base.podMtuOverhead, native: recorded(77, native) },
    blockPolicyOutlives: recorded(true, 'agent 1.18.3, encryption disabled'),
  };
}
