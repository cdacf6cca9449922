import type { Mode } from '../../../../harness/model/mode.ts';
import type { CommandResult } from '../../../../harness/model/shell.ts';
import { cell } from '../cells.ts';
import type { DatapathFault } from '../fault.ts';
import { anyPair } from '../on-first-node.ts';
import { alteredShell, disguised } from './disguise.ts';

/** The module by which each mode encrypts. */
const MODULES: Readonly<Partial<Record<Mode, string>>> = { ipsec: 'esp4', wireguard: 'wireguard' };

/**
 * Faults of one node's kernel or its configuration. The nodes of the lab are namespaces of one kernel with one file system, so what the
 * first of them prints is changed on its way to the recorder.
 */
const said = (
  statement: Pick<DatapathFault, 'id' | 'what' | 'why'>,
  change: (result: CommandResult, module: string, reading: number) => string,
): DatapathFault => ({
  ...statement,
  like: 'CVE-2026-43284, #46023',
  when: 'disguise',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'PRE-07'), cell({ mode: 'wireguard' }, 'PRE-07')],
  inject: async () => undefined,
  disguise: (context, cluster) => {
    const { name } = anyPair(context, statement.id).view.self;
    const module = MODULES[context.options.intent.mode];
    if (module === undefined) throw new RangeError(`fault ${statement.id} needs encryption`);
    let readings = 0;
    return disguised(cluster, {
      host: (node, real) =>
        node !== name
          ? real
          : alteredShell(real, (result) => {
              if (result.exitCode !== 0 || !result.stdout.startsWith('[fips]')) return result;
              readings += 1;
              return { ...result, stdout: change(result, module, readings) };
            }),
    });
  },
});

export const MODULE_FORBIDDEN: DatapathFault = said(
  {
    id: 'L54',
    what: 'the first node’s modprobe may not load the module that encrypts, as a published mitigation says; it is loaded still',
    why: 'what is loaded goes on encrypting, and every packet shows it: only the configuration tells that the next restart of the node ends that',
  },
  ({ stdout }, module) => stdout.replace(/^\[end\]$/m, `[modprobe /etc/modprobe.d/dirtyfrag.conf]\ninstall ${module} /bin/false\n[end]`),
);

export const MODULE_REMOVED: DatapathFault = said(
  {
    id: 'L55',
    what: 'on the first node the module that encrypts is loaded before the traffic and is not after it',
    why: 'the packets of before are encrypted; that the next ones cannot be, /proc/modules tells',
  },
  ({ stdout }, module, reading) => {
    if (reading === 1) return stdout.replace(/^\[modules\]$/m, `[modules]\n${module}`);
    return stdout.replace(new RegExp(`^${module}\n`, 'gm'), '');
  },
);
