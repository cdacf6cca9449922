import type { KubeObject } from '../../harness/kube/object.ts';
import { labelled } from '../../harness/kube/run-labels.ts';
import { HTTP_PORT, UDP_ECHO_PORT } from '../../harness/model/demo-ports.ts';
import type { Workload } from '../manifests/load.ts';
import { schedule } from '../manifests/schedule.ts';
import { DEMO_CONTAINER } from './names.ts';

export interface DemoOptions {
  readonly workload: Workload;
  readonly nodes: readonly string[];
  readonly image: string;
  /** Value of the run label. */
  readonly run: string;
}

/**
 * A workload as objects to apply: the containers run the witness image, which has the client and returns canaries. Pods are bound to their
 * nodes, so that every pair of nodes has traffic.
 */
export function demoObjects({ workload, nodes, image, run }: DemoOptions): KubeObject[] {
  const placed = schedule(workload.pods, nodes);
  const namespaces = new Set([...workload.pods, ...workload.services].map(({ namespace }) => namespace));
  const objects: KubeObject[] = [...namespaces]
    .filter((name) => name !== 'default')
    .map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  for (const { name, namespace, selector, port, targetPort } of workload.services)
    objects.push({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace },
      spec: { selector, ports: [{ port, targetPort, protocol: 'TCP' }] },
    });
  for (const pod of workload.pods) {
    const { name, namespace, labels } = pod;
    objects.push(demoPod({ name, namespace, labels, node: placed.get(pod)!, image }));
  }
  return objects.map((object) => labelled(object, run));
}

/** One pod that answers as the demo pods do. */
export function demoPod(pod: {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  readonly image: string;
}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod.name, namespace: pod.namespace, labels: pod.labels },
    spec: {
      nodeName: pod.node,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 0,
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: DEMO_CONTAINER,
          image: pod.image,
          imagePullPolicy: 'IfNotPresent',
          command: ['perl', '/usr/local/lib/wirewitness/server.pl', String(HTTP_PORT), String(UDP_ECHO_PORT)],
          env: [{ name: 'WITNESS_NAME', value: pod.name }],
          ports: [
            { containerPort: HTTP_PORT, protocol: 'TCP' },
            { containerPort: UDP_ECHO_PORT, protocol: 'UDP' },
          ],
          readinessProbe: { tcpSocket: { port: HTTP_PORT }, periodSeconds: 1 },
          resources: { requests: { cpu: '5m', memory: '16Mi' }, limits: { memory: '64Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'], add: ['NET_RAW', 'NET_BIND_SERVICE'] } },
        },
      ],
    },
  };
}
