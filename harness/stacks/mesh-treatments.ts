import type { Routing } from '../model/mode.ts';
import type { TreatmentRule } from './profile.ts';

/** What differs between meshes in what they carry. */
export interface MeshTraffic {
  /** Where it is written. */
  readonly document: string;
  readonly routings: readonly Routing[];
  /**
   * What an enrolled pod does with TCP of who is not enrolled: `refused` always; `by-policy`: refused where the intent claims it, else taken;
   * `taken` always.
   */
  readonly plaintext: 'refused' | 'by-policy' | 'taken';
  /** TCP ports that the redirection leaves out. */
  readonly skippedPorts?: readonly number[];
}

const FROM_OTHERS = ['node-pod', 'outside-node', 'outside-pod'] as const;

/** What a mesh of proxies does with each kind of flow: TCP between pods goes through the proxies of both; everything else goes past them. */
export function meshTreatments({ document, routings, plaintext, skippedPorts = [] }: MeshTraffic): readonly TreatmentRule[] {
  const rule = (
    paths: TreatmentRule['paths'],
    treatment: TreatmentRule['treatment'],
    reason: string,
    more: Partial<Pick<TreatmentRule, 'protocols' | 'ports' | 'strictIngress'>> = {},
  ): TreatmentRule => ({
    ...{ modes: ['tls'], routings, nodeEncryption: false, paths },
    ...more,
    ...{ treatment, reason, source: 'documented', document },
  });
  const tcp = { protocols: ['tcp'] } as const;
  const skipped = { ...tcp, ports: skippedPorts };
  const between = ['pod-pod', 'pod-service'] as const;
  return [
    ...(skippedPorts.length === 0
      ? []
      : [rule([...between, 'same-node'], 'clear-by-design', 'the redirection leaves these ports out, so no proxy sees them', skipped)]),
    rule(between, 'encrypted', 'TCP between enrolled pods is carried in mutual TLS by their proxies', tcp),
    rule(['same-node'], 'encrypted', 'TCP between enrolled pods of one node leaves the namespace of the pod in mutual TLS too', tcp),
    ...(plaintext === 'taken'
      ? []
      : [
          rule(
            FROM_OTHERS,
            'dropped',
            'an enrolled pod takes TCP from others in mutual TLS only, and neither a node nor a client outside is enrolled',
            plaintext === 'by-policy' ? { ...tcp, strictIngress: true } : tcp,
          ),
        ]),
    ...(plaintext === 'refused'
      ? []
      : [rule(FROM_OTHERS, 'clear-by-design', 'neither a node nor a client outside is enrolled, and the pod takes their plaintext', tcp)]),
    rule(['pod-pod', ...FROM_OTHERS], 'clear-by-design', 'the mesh carries TCP only; UDP and ICMP stay clear'),
    rule(['pod-node', 'node-node', 'pod-health', 'node-health'], 'clear-by-design', 'a node is not enrolled in the mesh'),
    rule(['same-node'], 'clear-by-design', 'the mesh carries TCP only, and what stays on its node does not reach the wire'),
  ];
}
