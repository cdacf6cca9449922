import type { Faults } from '../../../harness/model/cluster.ts';
import type { DatapathContext } from '../context.ts';
import { ENCRYPTION_OFF } from './encryption-off.ts';
import type { DatapathFault } from './fault.ts';
import { ONE_DIRECTION_CLEAR, POLICY_GONE, POLICY_GONE_BLOCKED } from './ipsec-policy.ts';
import { FLUSHED, IN_STATE_GONE, WRONG_KEY } from './ipsec-state.ts';
import { OTHER_MODE } from './other-mode.ts';
import { RULE_GONE, TABLE_ROUTE_GONE } from './rules-and-routes.ts';
import { PEER_GONE, PUBLISHED_KEY_DIFFERS } from './wireguard-peer.ts';

/** Every fault the reference datapath can make, by id. */
export const DATAPATH_FAULTS: readonly DatapathFault[] = [
  ENCRYPTION_OFF,
  OTHER_MODE,
  POLICY_GONE,
  POLICY_GONE_BLOCKED,
  ONE_DIRECTION_CLEAR,
  WRONG_KEY,
  IN_STATE_GONE,
  RULE_GONE,
  TABLE_ROUTE_GONE,
  PEER_GONE,
  PUBLISHED_KEY_DIFFERS,
  FLUSHED,
];

/** @throws RangeError naming the known faults */
export function datapathFault(id: string): DatapathFault {
  const fault = DATAPATH_FAULTS.find((candidate) => candidate.id === id);
  if (fault === undefined) {
    throw new RangeError(`unknown fault ${JSON.stringify(id)}; the datapath knows ${DATAPATH_FAULTS.map((known) => known.id).join(', ')}`);
  }
  return fault;
}

/**
 * Faults of one datapath. `arm` is told of a fault that takes the place of enabling: it is held until then.
 */
export function datapathFaults(context: DatapathContext, arm: (fault: DatapathFault) => void): Faults {
  return {
    list: () => DATAPATH_FAULTS,
    inject: async (id) => {
      const fault = datapathFault(id);
      context.options.progress?.(`fault ${fault.id}: ${fault.what}`);
      if (fault.when === 'instead-of-enable') arm(fault);
      else await fault.inject(context);
    },
    disguise: (id, cluster) => {
      const fault = datapathFault(id);
      if (fault.disguise === undefined) throw new RangeError(`fault ${id} does not disguise the cluster`);
      return fault.disguise(context, cluster);
    },
  };
}
