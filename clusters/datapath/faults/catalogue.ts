import type { Faults } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';
import { ANSWERS_TO_HOST_CLEAR } from './answers-to-host.ts';
import { fittingCell } from './cells.ts';
import { IN_GENEVE_OPTIONS, IN_IPIP, IN_VLAN, LATER_FRAGMENT, NOT_WIREGUARD } from './crafted-frames.ts';
import { FROM_GATEWAY_CLEAR, TO_GATEWAY_CLEAR } from './egress-gateway.ts';
import { ENCRYPTION_OFF } from './encryption-off.ts';
import type { DatapathFault } from './fault.ts';
import { KEY_GUESSED } from './guessed-key.ts';
import { HEALTH_CLEAR } from './health-clear.ts';
import { WRONG_POLICY_MARK, WRONG_STATE_MASK } from './ipsec-marks.ts';
import { KEY_ID_WITHOUT_PLUS, NULL_CIPHER, ONE_KEY_FOR_ALL, SEQUENCE_NEARLY_OUT, WEAK_ALGORITHM } from './ipsec-material.ts';
import { ONE_DIRECTION_CLEAR, POLICY_GONE, POLICY_GONE_BLOCKED } from './ipsec-policy.ts';
import { FLUSHED, IN_STATE_GONE, WRONG_KEY } from './ipsec-state.ts';
import { IPV6_CLEAR } from './ipv6-clear.ts';
import { MODULE_FORBIDDEN, MODULE_REMOVED } from './kernel-means.ts';
import { LARGE_CLEAR, MARKED_CLEAR, SCTP_CLEAR } from './large-packets.ts';
import { BLOCK_LEFT_BEHIND, IPSEC_LEFT_BEHIND, LEFT_ADDRESS, LEFT_MARK, LEFT_PRIORITY, LEFT_TEMPLATE } from './leftovers.ts';
import { LIFE_CYCLE_FAULTS } from './life-cycle-faults.ts';
import { HOST_CLEAR, NODES_NOT_ENCRYPTED } from './node-encryption.ts';
import { MIXED_VERSIONS, OTHER_ORDER } from './other-layout.ts';
import { OTHER_MODE } from './other-mode.ts';
import { PROXY_REPLY_CLEAR } from './proxy-reply.ts';
import {
  AGENT_UNWELL,
  NODE_WITHOUT_KEY,
  OTHER_INTERFACE,
  OTHER_LOAD_BALANCER,
  POD_CIDR_WITHOUT_KEY,
  POD_WITHOUT_IDENTITY,
  POD_WITHOUT_KEY,
  SECRET_INVALID,
  SECRET_OLD,
  STRICT_INGRESS_IGNORED,
  STRICT_UNCLAIMED,
} from './recorder/agent-says.ts';
import { CAPTURE_CUT, CAPTURE_DROPS, CAPTURE_ELSEWHERE, CAPTURE_KILLED, CAPTURE_TRUNCATED } from './recorder/captures.ts';
import { CLOCK_SHIFTED } from './recorder/clock.ts';
import { STATUS_FALSE } from './recorder/false-status.ts';
import { SECRET_PLANTED } from './recorder/planted-secret.ts';
import { COUNTER_KILLED, SHORT_DATAGRAMS } from './recorder/watch.ts';
import { REPLAYED } from './replayed-frames.ts';
import { SEQUENCE_REUSED } from './reused-sequence.ts';
import { BYPASS_ROUTE, RULE_ELSEWHERE, RULE_GONE, TABLE_ROUTE_ELSEWHERE, TABLE_ROUTE_GONE } from './rules-and-routes.ts';
import { SCENARIO_FAULTS } from './scenario-faults.ts';
import { SENT_ON_CLEAR } from './sent-on-from-outside.ts';
import { INGRESS_OPEN } from './strict-ingress.ts';
import { SOURCE_TRANSLATED } from './translated-source.ts';
import { ALLOWED_IP_MISSING, ALLOWED_IP_TWICE } from './wireguard-allowed-ips.ts';
import { AROUND_WIREGUARD } from './wireguard-bypass.ts';
import { NO_HANDSHAKE, PEER_GONE, PUBLISHED_KEY_DIFFERS } from './wireguard-peer.ts';
import { PROXY_REPLY_AROUND_WIREGUARD, REPLY_TO_NODE_CLEAR } from './wireguard-replies.ts';
import { RETRY_WITHOUT_IPSEC } from './without-ipsec.ts';

/** Every fault of the reference datapath, by id. */
export const DATAPATH_FAULTS: readonly DatapathFault[] = [
  ENCRYPTION_OFF,
  OTHER_MODE,
  POLICY_GONE,
  POLICY_GONE_BLOCKED,
  ONE_DIRECTION_CLEAR,
  IPV6_CLEAR,
  WRONG_KEY,
  IN_STATE_GONE,
  ONE_KEY_FOR_ALL,
  KEY_ID_WITHOUT_PLUS,
  KEY_GUESSED,
  IPSEC_LEFT_BEHIND,
  WEAK_ALGORITHM,
  NULL_CIPHER,
  SEQUENCE_NEARLY_OUT,
  WRONG_POLICY_MARK,
  WRONG_STATE_MASK,
  RULE_GONE,
  RULE_ELSEWHERE,
  TABLE_ROUTE_GONE,
  TABLE_ROUTE_ELSEWHERE,
  BYPASS_ROUTE,
  PEER_GONE,
  ALLOWED_IP_MISSING,
  ALLOWED_IP_TWICE,
  PUBLISHED_KEY_DIFFERS,
  AROUND_WIREGUARD,
  NO_HANDSHAKE,
  NODES_NOT_ENCRYPTED,
  OTHER_ORDER,
  IN_GENEVE_OPTIONS,
  IN_VLAN,
  IN_IPIP,
  LATER_FRAGMENT,
  SOURCE_TRANSLATED,
  REPLAYED,
  NOT_WIREGUARD,
  CAPTURE_KILLED,
  CAPTURE_ELSEWHERE,
  CAPTURE_DROPS,
  CAPTURE_CUT,
  CAPTURE_TRUNCATED,
  STATUS_FALSE,
  CLOCK_SHIFTED,
  SECRET_PLANTED,
  LARGE_CLEAR,
  SCTP_CLEAR,
  MARKED_CLEAR,
  MIXED_VERSIONS,
  HOST_CLEAR,
  PROXY_REPLY_CLEAR,
  PROXY_REPLY_AROUND_WIREGUARD,
  REPLY_TO_NODE_CLEAR,
  ANSWERS_TO_HOST_CLEAR,
  SENT_ON_CLEAR,
  TO_GATEWAY_CLEAR,
  FROM_GATEWAY_CLEAR,
  HEALTH_CLEAR,
  INGRESS_OPEN,
  LEFT_TEMPLATE,
  LEFT_PRIORITY,
  LEFT_MARK,
  LEFT_ADDRESS,
  BLOCK_LEFT_BEHIND,
  SEQUENCE_REUSED,
  FLUSHED,
  RETRY_WITHOUT_IPSEC,
  ...SCENARIO_FAULTS,
  ...LIFE_CYCLE_FAULTS,
  AGENT_UNWELL,
  SECRET_INVALID,
  OTHER_INTERFACE,
  SECRET_OLD,
  STRICT_UNCLAIMED,
  STRICT_INGRESS_IGNORED,
  OTHER_LOAD_BALANCER,
  NODE_WITHOUT_KEY,
  POD_CIDR_WITHOUT_KEY,
  POD_WITHOUT_KEY,
  POD_WITHOUT_IDENTITY,
  MODULE_FORBIDDEN,
  MODULE_REMOVED,
  SHORT_DATAGRAMS,
  COUNTER_KILLED,
];

/** @throws RangeError naming the known faults */
function datapathFault(id: string): DatapathFault {
  const fault = DATAPATH_FAULTS.find((candidate) => candidate.id === id);
  if (fault === undefined) {
    throw new RangeError(`unknown fault ${JSON.stringify(id)}; the datapath knows ${DATAPATH_FAULTS.map((known) => known.id).join(', ')}`);
  }
  return fault;
}

/** Faults of one datapath. `arm` receives a fault that replaces enabling; it is kept until then. */
export function datapathFaults(context: DatapathContext, arm: (fault: DatapathFault) => void): Faults {
  const announced = (id: string): DatapathFault => {
    const fault = datapathFault(id);
    const { mode, profile, routing } = context.options.intent;
    if (fittingCell(fault, context.options.intent) === undefined)
      throw new RangeError(`fault ${id} cannot be made with ${mode}, ${routing}, Cilium ${profile}: ${fault.why}`);
    context.options.progress?.(`fault ${fault.id}: ${fault.what}`);
    return fault;
  };
  return {
    list: () => DATAPATH_FAULTS,
    inject: async (id, report) => {
      const fault = announced(id);
      if (report !== undefined) context.reportFault = report;
      if (fault.when === 'instead-of-enable') arm(fault);
      else await fault.inject(context);
    },
    withFalseAnswers: (id, cluster) => {
      const fault = announced(id);
      if (fault.withFalseAnswers === undefined) throw new RangeError(`fault ${id} gives no false answers`);
      if (fault.replacesEnabling === true) arm(fault);
      return fault.withFalseAnswers(context, cluster);
    },
  };
}
