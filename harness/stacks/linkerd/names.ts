/**
 * Ports of the proxy in a pod: from other pods, from its own pod, and its administration. Source: Linkerd 2.20,
 * charts/linkerd-control-plane/values.yaml, proxy.ports.
 */
export const LINKERD_PORTS = { inbound: 4143, outbound: 4140, admin: 4191 } as const;

/** Offered by a client that sends a transport header. Source: linkerd2-proxy 2.359.0, linkerd/transport-header/src/lib.rs. */
export const LINKERD_ALPN = 'transport.l5d.io/v1';

/** Ports that linkerd-init leaves out, in and out. Source: values.yaml, proxyInit.ignoreInboundPorts and ignoreOutboundPorts. */
export const LINKERD_SKIPPED_PORTS: readonly number[] = [4567, 4568];

/** The container of the proxy in a pod. Source: pkg/k8s/labels.go, ProxyContainerName. */
export const LINKERD_CONTAINER = 'linkerd-proxy';
