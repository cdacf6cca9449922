import type { KubeObject } from '../../harness/kube/object.ts';
import { CAPTURE_APP, CAPTURE_CONTAINER } from './names.ts';

export interface CaptureOptions {
  readonly namespace: string;
  readonly image: string;
  /** Node labels a node must have; empty for every Linux node. */
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Buffer of a capture: less than in kind, because it counts as memory of the pod. */
const BUFFER_KIB = '16384';

/**
 * One pod on each node in the node's network namespace, which does nothing until it gets commands by exec: no port is opened. It may only
 * send raw packets (NET_RAW) and read interfaces, SAs and WireGuard peers (NET_ADMIN): no privileges, no host path, no token, and only a
 * limited /tmp in memory is writable.
 */
export function captureDaemonSet({ namespace, image, nodeSelector }: CaptureOptions): KubeObject {
  const labels = { 'app.kubernetes.io/name': CAPTURE_APP };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: CAPTURE_APP, namespace, labels },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          hostNetwork: true,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 0,
          nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector },
          tolerations: [{ operator: 'Exists' }],
          containers: [
            {
              name: CAPTURE_CONTAINER,
              image,
              imagePullPolicy: 'IfNotPresent',
              command: ['sleep', 'infinity'],
              env: [{ name: 'WITNESS_BUFFER_KIB', value: BUFFER_KIB }],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                runAsUser: 0,
                capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'NET_RAW'] },
                seccompProfile: { type: 'RuntimeDefault' },
              },
              resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { cpu: '1', memory: '512Mi' } },
              volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
            },
          ],
          volumes: [{ name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '256Mi' } }],
        },
      },
    },
  };
}
