/** Devices that agents make in a node. */
export const DEVICES = { host: 'cilium_host', vxlan: 'cilium_vxlan', geneve: 'cilium_geneve', wireguard: 'cilium_wg0' } as const;

/** Where agents live unless the chart is told otherwise. */
export const NAMESPACE = 'kube-system';

/** The Secret with the IPsec key, and the ConfigMap with the agents' configuration. */
export const KEY_SECRET = 'cilium-ipsec-keys';
export const CONFIG_MAP = 'cilium-config';

/** The mark of a packet that must leave encrypted, under 0xf00. Source: bpf/lib/common.h, MARK_MAGIC_ENCRYPT. */
export const ENCRYPT_MARK = 0xe00;

/** The routing table of IPsec. Source: pkg/datapath/linux/linux_defaults, RouteTableIPSec. */
export const TABLE = '200';
