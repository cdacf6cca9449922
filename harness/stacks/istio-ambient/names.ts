/** Namespace of the control plane, the CNI agents and the ztunnels. Source: Istio's installation guide. */
export const ISTIO_NAMESPACE = 'istio-system';

/** Label of enrolled namespaces and pods, and its value. Source: cni/README.md of Istio 1.27 to 1.31. */
export const DATAPLANE_MODE = { label: 'istio.io/dataplane-mode', value: 'ambient' } as const;

/** The CNI agent puts it on a pod when the redirection of the pod is there. Source: pkg/config/constants/constants.go, AmbientRedirectionEnabled. */
export const REDIRECTION = { annotation: 'ambient.istio.io/redirection', value: 'enabled' } as const;

/** Label of the pods of its ztunnels. Source: istio 1.30.0, manifests/charts/ztunnel/templates/daemonset.yaml. */
export const AMBIENT_ZTUNNEL_SELECTOR = 'app=ztunnel';
