import { type KernelMeans, moduleName } from '../../harness/decode/kernel/kernel-means.ts';
import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';

/** Modules that a kernel needs to encrypt, by use. */
const WIREGUARD = ['wireguard'];
const ESP = { ipv4: 'esp4', ipv6: 'esp6' } as const;
/** rfc4106(gcm(aes)), and hmac with cbc; authencesn if the latter has ESN (net/ipv4/esp4.c, esp_init_authenc). */
const OF_AEAD = ['gcm', 'seqiv'];
const OF_CBC = ['authenc', 'authencesn', 'echainiv'];

/** The kernel can still encrypt after a restart, and during the run. */
export const pre07: Check = {
  id: 'PRE-07',
  must: 'Nothing prevents loading a module for encryption on a node (modprobe’s configuration, the kernel’s command line), and every module and algorithm that was there before the traffic is still there after it',
  modes: ['ipsec', 'wireguard'],
  evidence: 'modprobe configuration, kernel command line, /proc/modules, /proc/crypto and fips_enabled of every node, before and after',
  needs: ['host-shell'],
  remedy:
    'See what prevents it on the named node: `grep -rE "^(install|blacklist) +(esp|wireguard|gcm|authenc)" /etc/modprobe.d /usr/lib/modprobe.d` and `cat /proc/cmdline`. If that is a mitigation (CVE-2026-43284 and others), install the kernel with the fix, then remove the line and load the module again (`modprobe esp4`). Do not turn off encryption instead.',
  judge(x) {
    const read = x.nodes('before', 'after');
    // Recordings of earlier versions have no such reading; a reading that failed is a gap.
    if (read.length > 0 && read.every(({ kernelMeans }) => !kernelMeans.ok && kernelMeans.absent))
      return x.set('not-exercised', 'the modules and algorithms of the kernels were not recorded');
    for (const node of read) judgeRules(x, node);
    for (const { name } of x.facts.manifest.cluster.nodes) {
      const own = read.filter(({ node }) => node === name);
      judgeChange(
        x,
        own.find(({ snapshot }) => snapshot === 'before'),
        own.find(({ snapshot }) => snapshot === 'after'),
      );
    }
    noteFips(x, read);
    const unseen = withoutConfiguration(read);
    if (unseen.length > 0) x.note(`modprobe’s configuration was not read on ${unseen.join(', ')}: the commands ran in a container`);
    const configuration = unseen.length > 0 ? 'no blacklist on the command line' : 'no override, no blacklist';
    return x.conclude('readings', `${configuration}, and the same modules and algorithms before and after`);
  },
};

/** Nodes whose files were read in a container, or in an unknown place: that modprobe.d is not the node's. */
function withoutConfiguration(read: readonly NodeState[]): readonly string[] {
  const own = ({ kernelMeans }: NodeState): boolean =>
    kernelMeans.ok && kernelMeans.value.root !== null && kernelMeans.value.root !== 'overlay';
  return [...new Set(read.filter((state) => !own(state)).map(({ node }) => node))];
}

function needed(x: Examination, { xfrmStates }: NodeState): ReadonlySet<string> {
  const { mode, families } = x.facts.manifest.intent;
  if (mode === 'wireguard') return new Set(WIREGUARD);
  const states = xfrmStates.ok ? xfrmStates.value : [];
  return new Set([
    ...families.map((family) => ESP[family]),
    ...(states.some(({ aead }) => aead !== undefined) ? OF_AEAD : []),
    ...(states.some(({ enc }) => enc !== undefined) ? OF_CBC : []),
  ]);
}

function judgeRules(x: Examination, node: NodeState): void {
  const means = x.use(node.kernelMeans);
  if (means === undefined) return;
  const about = { node: node.node };
  const modules = needed(x, node);
  for (const { file, kind, module, command } of means.rules) {
    if (!modules.has(module)) continue;
    // The command may still load the module: such a line uses modprobe --ignore-install.
    if (kind === 'install' && /\bmodprobe\b.*(?:--ignore-install|-i)\b/.test(command)) continue;
    const says = kind === 'install' ? `runs \`${command}\` instead of loading ${module}` : `blacklists ${module}`;
    x.fault(`${at(node)}: ${file} ${says}, so it cannot be loaded${loaded(means, module)}`, about);
  }
  for (const word of means.commandLine) {
    const [name = '', value = ''] = [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
    const forbidden = name.includes('blacklist')
      ? value
          .split(',')
          .map(moduleName)
          .filter((each) => modules.has(each))
      : [];
    if (forbidden.length > 0) x.fault(`${at(node)}: the kernel's command line has ${word}, which forbids ${forbidden.join(', ')}`, about);
  }
  x.held();
}

function loaded({ modules }: KernelMeans, module: string): string {
  return modules?.includes(module) === true ? ' again; it is loaded now' : '';
}

function judgeChange(x: Examination, before: NodeState | undefined, after: NodeState | undefined): void {
  if (before === undefined || after === undefined) return;
  const about = { node: after.node };
  if (before.kernelMeans.ok && after.kernelMeans.ok) {
    const now = after.kernelMeans.value.modules;
    const gone = [...needed(x, before)].filter(
      (module) => before.kernelMeans.ok && before.kernelMeans.value.modules?.includes(module) === true,
    );
    for (const module of gone)
      x.expect(now?.includes(module) === true, `${at(after)}: the module ${module} was removed after the traffic began`, about);
  }
  if (!before.crypto.ok || !after.crypto.ok) return;
  const listed = new Set(after.crypto.value.map(({ name }) => name));
  const used = new Set(before.crypto.value.map(({ name }) => name).filter((name) => /^(?:rfc4106|authencesn|authenc)\(/.test(name)));
  for (const name of used) x.expect(listed.has(name), `${at(after)}: /proc/crypto lists ${name} no longer`, about);
}

/** FIPS mode is a fact about a node, not a verdict: the auditor decides which algorithms are approved. */
function noteFips(x: Examination, read: readonly NodeState[]): void {
  const on = [...new Set(read.flatMap(({ node, kernelMeans }) => (kernelMeans.ok && kernelMeans.value.fips === true ? [node] : [])))];
  if (on.length > 0) x.note(`FIPS mode of the kernel is on: ${on.join(', ')}`);
}
