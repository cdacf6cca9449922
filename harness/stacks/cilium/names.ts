/** Devices that agents create in a node. */
export const DEVICES = { host: 'cilium_host', vxlan: 'cilium_vxlan', geneve: 'cilium_geneve', wireguard: 'cilium_wg0' } as const;

/** Default namespace of the agents in the chart. */
export const NAMESPACE = 'kube-system';

/** Label selector of the agents' pods, their DaemonSet and container, and the operator. Source: the chart's templates. */
export const AGENT_LABEL = 'k8s-app=cilium';
export const AGENT_DAEMONSET = 'cilium';
export const AGENT_CONTAINER = 'cilium-agent';
export const OPERATOR_DEPLOYMENT = 'cilium-operator';

/** The Secret with the IPsec key, and the ConfigMap with the agents' configuration. */
export const KEY_SECRET = 'cilium-ipsec-keys';
export const CONFIG_MAP = 'cilium-config';

/** The mark of a packet that must leave encrypted, under 0xf00. Source: bpf/lib/common.h, MARK_MAGIC_ENCRYPT. */
export const ENCRYPT_MARK = 0xe00;

/** The mark of a packet that was decrypted, under 0xf00. Source: bpf/lib/common.h, MARK_MAGIC_DECRYPT. */
export const DECRYPT_MARK = 0xd00;

/** The routing table of IPsec. Source: pkg/datapath/linux/linux_defaults, RouteTableIPSec. */
export const TABLE = '200';

/** Routing tables to and from the proxy. Source: pkg/datapath/linux/linux_defaults, RouteTableToProxy and RouteTableFromProxy. */
export const PROXY_TABLES = ['2004', '2005'] as const;

/** UDP port of WireGuard in every version. Source: pkg/wireguard/types, ListenPort. */
export const WIREGUARD_PORT = 51_871;

/** Cilium's kinds that collectors request from the API server, by their plural. */
export const API_KINDS = { ciliumnodes: ['cilium.io/v2', 'CiliumNode'] } as const;

/** TCP port of the health endpoint (pkg/defaults, ClusterHealthPort). */
export const HEALTH_PORT = 4240;
