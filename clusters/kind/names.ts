/** Prefix of the names of clusters that are made here: by it they are found again, should a run end without its end. */
export const CLUSTER_PREFIX = 'wirewitness';

/** On every container that is put beside a node; the value is the cluster's name. */
export const CONTAINER_LABEL = 'io.wirewitness.cluster';
