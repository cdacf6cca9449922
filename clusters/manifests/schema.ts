import { z } from 'zod';

/** RFC 1123 label, as Kubernetes wants for names of pods, services and namespaces here. */
const name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be a lower-case RFC 1123 label');
const labels = z.record(z.string(), z.string());
const metadata = z.strictObject({ name, namespace: name.optional(), labels: labels.optional() });

const port = z.int().min(1).max(65535);
const container = z.strictObject({
  name,
  image: z.string(),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  ports: z.array(z.strictObject({ name: name.optional(), containerPort: port, protocol: z.enum(['TCP', 'UDP']).optional() })).optional(),
});

const podSpec = z.strictObject({
  nodeName: name.optional(),
  nodeSelector: z.strictObject({ 'kubernetes.io/hostname': name }).optional(),
  containers: z.array(container).min(1),
  terminationGracePeriodSeconds: z.int().min(0).optional(),
});

/** What a pod of a manifest may say. */
export type PodSpec = z.infer<typeof podSpec>;

/** The part of Kubernetes that the demo manifests use. Anything else is refused, never ignored. */
export const manifestDocument = z.discriminatedUnion('kind', [
  z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('Namespace'), metadata }),
  z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('Pod'), metadata, spec: podSpec }),
  z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata,
    spec: z.strictObject({
      replicas: z.int().min(0).max(100).optional(),
      selector: z.strictObject({ matchLabels: labels }),
      template: z.strictObject({ metadata: z.strictObject({ labels }), spec: podSpec }),
    }),
  }),
  z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata,
    spec: z.strictObject({
      type: z.literal('ClusterIP').optional(),
      selector: labels,
      ports: z.tuple([z.strictObject({ name: name.optional(), port, targetPort: port.optional(), protocol: z.literal('TCP').optional() })]),
    }),
  }),
]);

/** One object of a manifest. */
export type ManifestDocument = z.infer<typeof manifestDocument>;
