import { layoutsWhere } from '../../profile.ts';
import { BARE_IN_WIREGUARD, cell, ESP_IN_TUNNEL } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { alteredShell, withShells } from './false-answers.ts';

/**
 * Faults of an agent or of an API object that no kernel shows: the lab's agents and API server are simulated, so the output of the first
 * node's agent, or of the API server, is changed on its way to the recorder.
 */
const said = (
  statement: Pick<DatapathFault, 'id' | 'what' | 'like' | 'cells' | 'why'>,
  by: 'agent' | 'api',
  command: RegExp,
  change: (stdout: string) => string,
): DatapathFault => ({
  ...statement,
  when: 'false-answers',
  scenario: 'steady',
  inject: async () => undefined,
  withFalseAnswers: (context, cluster) => {
    const { name } = anyPair(context, statement.id).view.self;
    const lie = (real: Parameters<typeof alteredShell>[0]) =>
      alteredShell(real, (result) => {
        if (result.exitCode !== 0 || !command.test(result.argv.join(' '))) return result;
        const stdout = change(result.stdout);
        // If the change changed nothing, the fault would look like one that no check sees.
        if (stdout === result.stdout) throw new RangeError(`fault ${statement.id}: ${result.argv.join(' ')} holds nothing to change`);
        return { ...result, stdout };
      });
    return withShells(cluster, by === 'api' ? { api: lie } : { agent: (node, real) => (node === name ? lie(real) : real) });
  },
});

export const AGENT_UNWELL = said(
  {
    id: 'L42',
    what: "the first node's agent reports that it has failed",
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'PRE-04'), cell({ mode: 'wireguard' }, 'PRE-04')],
    why: 'the kernel goes on as it was set up, so nothing else tells; what the agent sets up from now on can differ',
  },
  'agent',
  /^cilium-dbg status$/,
  (stdout) => stdout.replace(/^(Cilium: +)Ok.*$/m, '$1Failure   Kubernetes service is not ready'),
);

export const SECRET_INVALID = said(
  {
    id: 'L43',
    what: 'the key Secret holds a key that is too short, under an id that does not exist; the agents still use the former one',
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'CFG-02', 'CFG-09 XFR-04')],
    why: 'agents refuse the line and keep what they have, so kernel and wire are as ever; no key of the kernel comes from that Secret, and its bytes count up',
  },
  'api',
  /get secret/,
  (stdout) =>
    stdout.replace(
      /^( +keys: ).*$/m,
      (_, label: string) => `${label}${Buffer.from('16+ rfc4106(gcm(aes)) 0011223344556677 128').toString('base64')}`,
    ),
);

export const SECRET_OLD = said(
  {
    id: 'L84',
    what: 'the key Secret was created long before the declared cryptoperiod began',
    like: '',
    cells: [cell({ mode: 'ipsec', cryptoperiod: true }, 'CFG-10')],
    why: 'the SAs are young because the agents have just started; nothing shows that the key in the Secret is younger than the Secret, so nothing is proven of its age',
  },
  'api',
  /get secret/,
  (stdout) => stdout.replace(/^( +creationTimestamp: ).*$/m, '$12024-01-01T00:00:00Z'),
);

export const OTHER_INTERFACE = said(
  {
    id: 'L44',
    what: "the first node's agent is configured to decrypt on another interface than the one of the node traffic",
    like: '',
    cells: [cell({ mode: 'ipsec', routings: ['native'], profiles: layoutsWhere(({ configListsModes }) => configListsModes) }, 'CFG-04')],
    why: 'the option names an interface that carries no node traffic; what was set up before still decrypts on the right one',
  },
  'agent',
  /^cilium-dbg config --all$/,
  (stdout) => stdout.replace(/^(EncryptInterface +: )\[\]$/m, '$1[lxc_none0]'),
);

/** Versions whose running configuration has an option of strict mode. */
const WITH_STRICT_MODE = layoutsWhere(({ strictMode }) => strictMode.modes.length > 0);

export const STRICT_UNCLAIMED = said(
  {
    id: 'L45',
    what: "the first node's agent runs with strict mode, which is not claimed",
    like: '',
    cells: [
      cell({ mode: 'ipsec', profiles: WITH_STRICT_MODE }, 'CFG-06'),
      cell({ mode: 'wireguard', profiles: WITH_STRICT_MODE }, 'CFG-06'),
    ],
    why: 'what counts is the running configuration, under the name that the version knows; nothing is dropped as long as all is encrypted',
  },
  'agent',
  /^cilium-dbg config --all$/,
  (stdout) => stdout.replace(/^(EnableEncryptionStrictMode(?:Egress)? *: )false$/m, '$1true'),
);

export const STRICT_INGRESS_IGNORED = said(
  {
    id: 'L85',
    what: "the first node's agent runs without strict mode for ingress, which is claimed and stands in the ConfigMap",
    like: '',
    cells: [
      cell({ mode: 'wireguard', profiles: layoutsWhere(({ strictIngress }) => strictIngress.length > 0), strictIngress: true }, 'CFG-06'),
    ],
    why: 'the filter at the uplink is still there, and the packet from outside is sent to another node; only the running configuration of this agent tells',
  },
  'agent',
  /^cilium-dbg config --all$/,
  (stdout) => stdout.replace(/^(EnableEncryptionStrictModeIngress *: )true$/m, '$1false'),
);

export const OTHER_LOAD_BALANCER = said(
  {
    id: 'L93',
    what: 'the agents send requests from outside on by DSR in IP options and with XDP, and SNAT without XDP is claimed',
    like: '',
    cells: [cell({ mode: 'ipsec', loadBalancer: true }, 'CFG-11'), cell({ mode: 'wireguard', loadBalancer: true }, 'CFG-11')],
    why: 'the ConfigMap tells it, and agents from 1.18 do not print the mode; the requests of the run still go on by SNAT',
  },
  'api',
  /get configmap/,
  (stdout) =>
    stdout.replace(
      /^( +)kube-proxy-replacement: .*$/m,
      (_, indent: string) => `${indent}bpf-lb-acceleration: native\n${indent}bpf-lb-mode: dsr\n${indent}kube-proxy-replacement: "true"`,
    ),
);

/** Versions whose CiliumNodes also have a key id with WireGuard. */
const WITH_WIREGUARD_KEY = layoutsWhere(({ wireguardNodeKey }) => wireguardNodeKey);

export const NODE_WITHOUT_KEY = said(
  {
    id: 'L50',
    what: 'a CiliumNode publishes key id 0, by which the other nodes would send to it in the clear',
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'PRE-06'), cell({ mode: 'wireguard', profiles: WITH_WIREGUARD_KEY }, 'PRE-06')],
    why: 'the kernels are as they were set up: what the agents do with the object comes later',
  },
  'api',
  /get ciliumnodes/,
  (stdout) => stdout.replace(/^( +key: )\d+$/m, (_, label: string) => `${label}0`),
);

export const POD_WITHOUT_IDENTITY = said(
  {
    id: 'L74',
    what: "the first node's agent takes the pods of the other nodes for addresses outside the cluster: their entries of its ipcache have identity 2",
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'CFG-08'), cell({ mode: 'wireguard' }, 'CFG-08')],
    why: 'the stand-in of the datapath does not read the map; with Cilium what such a pod sends is judged as from outside, and what it gets may go unencrypted',
  },
  'agent',
  /^cilium-dbg bpf ipcache list$/,
  (stdout) => stdout.replace(/identity=\d{3,}(?= encryptkey=\d+ tunnelendpoint=(?!0\.0\.0\.0))/g, 'identity=2'),
);

export const POD_WITHOUT_KEY = said(
  {
    id: 'L51',
    what: "the first node's agent has key id 0 for the pods of the other nodes in its ipcache",
    like: '',
    cells: [cell({ mode: 'ipsec' }, 'CFG-08'), cell({ mode: 'wireguard' }, 'CFG-08')],
    why: 'the stand-in of the datapath does not read the map; with Cilium such a pod is sent to in the clear',
  },
  'agent',
  /^cilium-dbg bpf ipcache list$/,
  (stdout) => stdout.replace(/encryptkey=[1-9]\d*/g, 'encryptkey=0'),
);

export const POD_CIDR_WITHOUT_KEY = said(
  {
    id: 'L92',
    what: "the first node's agent has key id 0 in its entry for the whole pod CIDR of another node",
    like: '',
    cells: [
      cell({ mode: 'ipsec', routings: ['native'] }, 'CFG-08'),
      cell({ mode: 'ipsec', profiles: ESP_IN_TUNNEL }, 'CFG-08'),
      cell({ mode: 'wireguard', routings: ['native'] }, 'CFG-08'),
      cell({ mode: 'wireguard', profiles: BARE_IN_WIREGUARD }, 'CFG-08'),
    ],
    why: 'pods that the agent knows have entries of their own; to one that it does not know yet it sends in the clear. A tunnel inside the encryption is encrypted as a whole, so there the entry decides nothing',
  },
  'agent',
  /^cilium-dbg bpf ipcache list$/,
  (stdout) =>
    stdout.replace(
      /^((\d+\.\d+\.\d+)\.\d+\/32 .*)(tunnelendpoint=(?!0\.0\.0\.0)\S+)(.*)$/m,
      '$1$3$4\n$2.0/24 identity=2 encryptkey=0 $3 flags=hastunnel',
    ),
);
