import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { type ManifestDocument, manifestDocument, type PodSpec } from './schema.ts';

/** A pod that the manifests ask for, before it has a node and addresses. */
export interface WantedPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Node the manifest pins it to. */
  readonly pinned?: string;
}

/** A service that the manifests ask for. */
export interface WantedService {
  readonly name: string;
  readonly namespace: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number;
  readonly targetPort: number;
}

/** What a set of manifests asks for, in their order. */
export interface Workload {
  readonly pods: readonly WantedPod[];
  readonly services: readonly WantedService[];
}

/** A manifest holds what this program does not understand. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** The demo applications: Cilium's star wars and the two pinned ping pods. */
export const DEMO_MANIFESTS: readonly string[] = ['endor.yaml', 'ping-pods.yaml'].map((name) =>
  fileURLToPath(new URL(name, import.meta.url)),
);

/** Read manifest files. @throws ManifestError naming file, document and path of what is not understood */
export async function loadManifests(paths: readonly string[]): Promise<Workload> {
  const texts = await Promise.all(paths.map(async (path) => [basename(path), await readFile(path, 'utf8')] as const));
  return workloadOf(texts.flatMap(([name, text]) => parseManifest(name, text)));
}

/** Parse one manifest file into the objects it holds. @throws ManifestError */
export function parseManifest(file: string, text: string): ManifestDocument[] {
  const documents = parseAllDocuments(text);
  return documents.flatMap((document, index) => {
    const place = `${file}, document ${index + 1}`;
    const [broken] = document.errors;
    if (broken) throw new ManifestError(`${place}: ${broken.message}`);
    const content: unknown = document.toJS();
    if (content === null) return [];
    const parsed = manifestDocument.safeParse(content);
    if (parsed.success) return [parsed.data];
    const reasons = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(top)'}: ${issue.message}`);
    throw new ManifestError(
      `${place}: ${reasons.join('; ')} (understood are Namespace, Pod, Deployment and Service as the demo manifests use them)`,
    );
  });
}

/** Pods and services of the objects. A deployment's pods are numbered from 1, so that runs are comparable. */
export function workloadOf(documents: readonly ManifestDocument[]): Workload {
  const pods: WantedPod[] = [];
  const services: WantedService[] = [];
  for (const document of documents) {
    const namespace = document.metadata.namespace ?? 'default';
    if (document.kind === 'Pod') pods.push(wanted(document.metadata.name, namespace, document.metadata.labels ?? {}, document.spec));
    if (document.kind === 'Deployment') {
      const { replicas = 1, selector, template } = document.spec;
      if (!matches(selector.matchLabels, template.metadata.labels)) {
        throw new ManifestError(
          `Deployment ${namespace}/${document.metadata.name}: its selector does not match the labels of its template`,
        );
      }
      for (let n = 1; n <= replicas; n++)
        pods.push(wanted(`${document.metadata.name}-${n}`, namespace, template.metadata.labels, template.spec));
    }
    if (document.kind === 'Service') {
      const [{ port, targetPort = port }] = document.spec.ports;
      services.push({ name: document.metadata.name, namespace, selector: document.spec.selector, port, targetPort });
    }
  }
  const names = pods.map((pod) => `${pod.namespace}/${pod.name}`);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ManifestError(`pod ${twice} is asked for twice`);
  return { pods, services };
}

/** Whether labels carry every pair of a selector. */
export function matches(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function wanted(name: string, namespace: string, labels: Readonly<Record<string, string>>, spec: PodSpec): WantedPod {
  const pinned = spec.nodeName ?? spec.nodeSelector?.['kubernetes.io/hostname'];
  return { name, namespace, labels, ...(pinned === undefined ? {} : { pinned }) };
}
