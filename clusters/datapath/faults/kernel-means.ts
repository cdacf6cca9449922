import type { Mode } from '../../../harness/model/mode.ts';
import { applyScript } from '../apply.ts';
import { cell, LOSS, NO_ESP } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, onEveryNode } from './on-first-node.ts';

/** The module by which each mode encrypts. */
const MODULES: Readonly<Partial<Record<Mode, string>>> = { ipsec: 'esp4', wireguard: 'wireguard' };
const RULES = '/etc/modprobe.d/wirewitness-l54.conf';

export const MODULE_FORBIDDEN: DatapathFault = {
  id: 'L54',
  what: 'modprobe may not load the module that encrypts, as a published mitigation says; it is loaded still',
  like: 'CVE-2026-43284, #46023',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'PRE-07'), cell({ mode: 'wireguard' }, 'PRE-07')],
  why: 'what is loaded goes on encrypting, and every packet shows it: only the configuration tells that the next restart of the node ends that. The nodes of the lab have one file system, so each of them has the line',
  inject: async (context) => {
    const module = MODULES[context.laid];
    const node = context.views[0]?.self.name;
    if (module === undefined || node === undefined) throw new RangeError('fault L54 needs encryption');
    const host = context.options.host(node);
    context.undo.push(async () => {
      await applyScript(host, `rm -f ${RULES}\n`, 'taking fault L54 back');
    });
    await applyScript(
      host,
      `mkdir -p ${RULES.slice(0, RULES.lastIndexOf('/'))}\necho 'install ${module} /bin/false' >${RULES}\n`,
      'fault L54',
    );
  },
};

export const MODULE_REMOVED: DatapathFault = {
  id: 'L55',
  what: 'the module that encrypts is removed while traffic flows, and the SAs with it',
  like: 'CVE-2026-43284, #46023',
  when: 'during-traffic',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'ipsec' },
      'PRE-01 PRE-07 XFR-01 XFR-08 WIR-02',
      LOSS,
      NO_ESP,
      'PRE-06 CFG-04 CFG-07 CFG-08 XFR-03 XFR-04 XFR-06 XFR-09 XFR-10 WIR-07 LIF-06',
    ),
  ],
  why: 'an SA holds its module, so that goes only after them; the policies stay and find none, so all that must be encrypted is dropped (XfrmOutNoStates), and the agents report what the kernels have, which is no encryption. The nodes of the lab have one kernel. With WireGuard the device would go, and the capture on it',
  inject: async (context) => {
    firstPair(context, 'L55', 'ipsec');
    const { nodeKeeper } = context.options;
    if (nodeKeeper === undefined) throw new RangeError('fault L55 needs a kernel that is the harness’s own');
    const module = 'esp4';
    context.undo.push(() => nodeKeeper.loadModule(module));
    await onEveryNode(context, 'ip xfrm state flush\n', 'fault L55');
    await nodeKeeper.removeModule(module);
  },
};
