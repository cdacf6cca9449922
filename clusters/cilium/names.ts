/** Label selector of the agents' pods (chart template cilium-agent/daemonset.yaml). */
export const AGENT_LABEL = 'k8s-app=cilium';
export const AGENT_DAEMONSET = 'cilium';
export const AGENT_CONTAINER = 'cilium-agent';
export const OPERATOR_DEPLOYMENT = 'cilium-operator';
/** Where the agents run unless said. */
export const CILIUM_NAMESPACE = 'kube-system';
/** Settings of the agents. */
export const CONFIG_MAP = 'cilium-config';
/** Name that the chart expects (`encryption.ipsec.secretName`). */
export const KEY_SECRET = 'cilium-ipsec-keys';
