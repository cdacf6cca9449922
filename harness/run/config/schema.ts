import { z } from 'zod';
import { allowedTrafficSchema } from '../../model/allowed-traffic.ts';
import { environmentClassSchema } from '../../model/cluster.ts';
import { KERNEL_TLS, LOAD_BALANCERS, STACKS } from '../../model/intent.ts';
import { KEY_SOURCES_OF } from '../../model/key-source.ts';
import { FAMILIES, MODES, ROUTINGS } from '../../model/mode.ts';
import { TARGETS } from '../target-name.ts';

const PROFILE = 'a Cilium version in quotes, for instance "1.16" or "1.18.3" (YAML reads 1.20 without quotes as the number 1.2)';

const IntentSchema = z
  .strictObject({
    stack: z.enum(STACKS).describe('The product that encrypts.'),
    mode: z.enum(MODES).describe('Which encryption is claimed to be on. Without it a run examines ipsec, then wireguard.'),
    routing: z.enum(ROUTINGS).describe('How pod packets travel between nodes below the encryption.'),
    profile: z
      .string(PROFILE)
      .regex(/^(\d+\.\d+(\.\d+)?|[a-z-]+)$/, PROFILE)
      .describe(
        'The version whose marks, rules and encapsulation order are expected: of Cilium, Istio or Linkerd, in quotes; with stack plain-wireguard mesh or flannel.',
      ),
    nodeEncryption: z.boolean().describe('Traffic of the nodes themselves is claimed to be encrypted.'),
    strictMode: z.boolean().describe('Strict mode is claimed: what cannot be encrypted is dropped.'),
    strictIngress: z
      .boolean()
      .describe(
        'Packets to pods that arrive unencrypted are claimed to be refused: strict mode for ingress (WireGuard), or the policy of a mesh (TLS: Istio mode STRICT, Linkerd all-authenticated).',
      ),
    perTunnelKeys: z.boolean().describe('Claim that each tunnel direction has its own key (IPsec, the `+` in the key Secret).'),
    presharedKeys: z.boolean().describe('A preshared key with every peer is claimed (WireGuard without an agent: Cilium sets none).'),
    cryptoperiodDays: z
      .int('a whole number')
      .min(1, 'at least 1')
      .max(3650, 'at most 3650')
      .describe('Days that one IPsec key may be in use, as somebody declared. Without it the age of keys is not judged.'),
    keySource: z
      .enum(KEY_SOURCES_OF.tls)
      .describe('Where the certificates of a TLS mesh come from. It is shown with the cryptography; the other modes have one source each.'),
    kernelTls: z
      .enum(KERNEL_TLS)
      .describe(
        'The kernel encrypts what the proxies of a TLS mesh send (kTLS), or decrypts what they receive too. Without it the kernel is not asked.',
      ),
    trustDomain: z
      .string()
      .regex(/^[a-z0-9._-]+$/, 'lower-case letters, digits, dots, hyphens and underscores')
      .describe('The trust domain of a TLS mesh, where it is not cluster.local.'),
    sctp: z
      .boolean()
      .describe('Pods can use SCTP (Cilium: sctp.enabled), and it is encrypted as their TCP is. Without it no SCTP is driven.'),
    loadBalancer: z
      .enum(LOAD_BALANCERS)
      .describe(
        'How the node that a client outside asks sends the request on to a pod of another node (Cilium: loadBalancer.mode and dsrDispatch; hybrid is the same over TCP). Without it snat is expected, and the configuration is not compared.',
      ),
    loadBalancerXdp: z
      .boolean()
      .describe('XDP sends such requests on (Cilium: loadBalancer.acceleration), below what encrypts. Without it no XDP is expected.'),
    egressGateway: z
      .string()
      .min(1, 'the name of a node')
      .describe(
        'The node by which pods of the others reach addresses outside (lab, in a tunnel). Without it nothing is driven by a gateway.',
      ),
    families: z
      .array(z.enum(FAMILIES))
      .min(1, 'at least one of "ipv4", "ipv6"')
      .refine((families) => new Set(families).size === families.length, 'each family once')
      .describe('IP families that are judged, each separately.'),
    allow: z
      .array(allowedTrafficSchema)
      .describe(
        'Traffic between nodes that somebody takes responsibility for: it is listed with its reason, and no check is inconclusive because of it. It never allows a readable packet between two pods.',
      ),
  })
  .partial()
  .describe('What is claimed about the cluster. An input: it is never read from the cluster under test.');

/** The shape of wirewitness.yaml. Unknown keys are errors: a claim with a spelling error would not be judged. */
export const ConfigSchema = z
  .strictObject({
    intent: IntentSchema,
    target: z.enum(TARGETS).describe('Where to run.'),
    nodes: z.int('a whole number').min(2, 'at least 2').max(9, 'at most 9').describe('Nodes of the lab.'),
    context: z.string().min(1, 'a context').describe('Existing cluster: a context of the kubeconfig.'),
    kubeconfig: z.string().min(1, 'a file').describe('Existing cluster: the kubeconfig; absent: the one that kubectl uses.'),
    namespace: z
      .string()
      .min(1, 'a namespace')
      .describe(
        'Existing cluster: namespace where the run creates its pods; it is not removed. Without it a run creates its own namespace and removes it.',
      ),
    nodeSelector: z
      .record(z.string(), z.string('a text: put it in quotes'))
      .describe('Existing cluster: only nodes with all of these labels are examined.'),
    ciliumNamespace: z.string().min(1, 'a namespace').describe('Existing cluster: namespace of the agents.'),
    environment: environmentClassSchema.exclude(['lab']).describe('Existing cluster: its name in the report.'),
    image: z.string().min(1, 'an image').describe('Image of capture and demo pods, preferably with a digest.'),
    history: z.string().min(1, 'a folder').describe('Folder that keeps the signed summaries of all runs.'),
    keepDays: z
      .int('a whole number')
      .min(1, 'at least 1')
      .describe('Lines of the history that are older than this number of days are removed.'),
    fingerprintKey: z
      .string()
      .min(1, 'a file')
      .describe('File with a secret of 64 or more hexadecimal digits, under which keys of several runs and clusters are compared.'),
    waivers: z.string().min(1, 'a file').describe('File with exceptions, relative to the working directory.'),
    controls: z
      .array(z.string().min(1, 'a file'))
      .describe('Files with further frameworks of controls, relative to the working directory.'),
    advisories: z
      .array(z.string().min(1, 'a folder'))
      .describe('Folders with further advisories, one YAML file each, relative to the working directory.'),
    scope: z
      .record(z.string(), z.boolean('true or false; omit a fact that is not decided'))
      .describe('Declarations about the environment: the facts that the frameworks ask for. A control applies only as declared here.'),
    out: z.string().min(1, 'a folder').describe('Folder that receives the recordings and reports, relative to the working directory.'),
  })
  .partial()
  .meta({ title: 'wirewitness.yaml', description: 'What wirewitness must prove, and where. Flags of the command line override it.' });

/** The content of the file; absent keys are undefined and get the default of the command line. */
export type Config = z.infer<typeof ConfigSchema>;
