/** Prefix of the names of clusters created by this tool: finds them again after a run that was killed. */
export const CLUSTER_PREFIX = 'wirewitness';

/** Label of every container that is started for a node; the value is the cluster's name. */
export const CONTAINER_LABEL = 'io.wirewitness.cluster';
