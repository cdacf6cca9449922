/** Label of enrolled namespaces, and its value. Source: Cilium 1.20, pkg/ztunnel/table/enrolled_namespaces.go, and its documentation. */
export const MTLS_ENABLED = { label: 'io.cilium/mtls-enabled', value: 'true' } as const;

/** The table of the agents that lists enrolled namespaces. Source: the same file. */
export const ENROLLED_TABLE = 'mtls-enrolled-namespaces';

/** Kind of the status of an entry that was carried out. Source: github.com/cilium/statedb, reconciler, StatusKindDone. */
export const DONE = 'Done';

/** Label of the pods of its ztunnels. Source: Cilium 1.20.2, install/kubernetes/cilium/templates/ztunnel/daemonset.yaml. */
export const CILIUM_ZTUNNEL_SELECTOR = 'app=ztunnel-cilium';
