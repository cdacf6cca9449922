import { type HelmValue, type InstallOptions, installValues } from './install-values.ts';

/** How Cilium is installed in a cluster: by its own program, or only by Helm. */
export type Installer = 'cilium' | 'helm';

/** Where. */
export interface InstallTarget {
  readonly kubeconfig: string;
}

const REPOSITORY = 'https://helm.cilium.io/';
const NAMESPACE = 'kube-system';
/** Time limit until agents are ready; the images have to be pulled. */
const WAIT = '10m';

/** The command line that installs Cilium. It has no key: the Secret is created before, through the API. */
export function installCommand(installer: Installer, target: InstallTarget, options: InstallOptions): string[] {
  return commandLine('install', installer, target, options);
}

/** The command line that changes what is installed: encryption on or off, or another version. Values that were set before are set again. */
export function upgradeCommand(installer: Installer, target: InstallTarget, options: InstallOptions): string[] {
  return commandLine('upgrade', installer, target, options, '--reset-values');
}

function commandLine(
  verb: 'install' | 'upgrade',
  installer: Installer,
  target: InstallTarget,
  options: InstallOptions,
  ...flags: readonly string[]
): string[] {
  const values = setFlags(installValues(options));
  const program =
    installer === 'helm'
      ? ['helm', verb, 'cilium', 'cilium', ...helm(target, options.version)]
      : ['cilium', verb, '--kubeconfig', target.kubeconfig, '--namespace', NAMESPACE, '--version', bare(options.version)];
  const further = options.valuesFile === undefined ? [] : ['--values', options.valuesFile];
  return [...program, ...flags, ...further, ...values];
}

function helm({ kubeconfig }: InstallTarget, version: string): string[] {
  return [
    '--kubeconfig',
    kubeconfig,
    '--namespace',
    NAMESPACE,
    '--repo',
    REPOSITORY,
    '--version',
    bare(version),
    '--wait',
    '--timeout',
    WAIT,
  ];
}

function setFlags(values: readonly HelmValue[]): string[] {
  return values.flatMap(([name, value]) => ['--set', `${name}=${value}`]);
}

/** Charts are versioned without the `v` of image tags. */
function bare(version: string): string {
  return version.replace(/^v/, '');
}
