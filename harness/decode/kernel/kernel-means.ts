import type { Decoded, UnparsedLine } from '../decoded.ts';
import { textLines, unparsedLine } from './lines.ts';

/** A line of modprobe's configuration that prevents loading a module: `install NAME COMMAND` or `blacklist NAME` (modprobe.d(5)). */
export interface ModuleRule {
  readonly file: string;
  readonly kind: 'install' | 'blacklist';
  /** With underscores: modprobe treats `-` and `_` as equal. */
  readonly module: string;
  /** The command that runs instead of loading it; empty for a blacklist. */
  readonly command: string;
}

/** What allows or prevents encryption in a kernel, in addition to /proc/crypto. */
export interface KernelMeans {
  /** /proc/sys/crypto/fips_enabled; null when the kernel has no such file. */
  readonly fips: boolean | null;
  /** Words of the kernel's command line about FIPS and about modules that may not be loaded. */
  readonly commandLine: readonly string[];
  /** Names in /proc/modules; null in a kernel without modules. Built-in code is not included. */
  readonly modules: readonly string[] | null;
  readonly rules: readonly ModuleRule[];
  /** Type of the file system at `/` where the command ran (/proc/mounts): of a container it is `overlay`. Null where it was not printed. */
  readonly root: string | null;
}

/**
 * The command that reads it. It uses only shell built-ins, so it runs in busybox and starts no program. Folders of modprobe in their order
 * (modprobe.d(5)). In a container the files are those of the container, while /proc is that of the kernel; `[root]` shows which case it is.
 */
export const KERNEL_MEANS_SCRIPT = [
  'echo "[fips]"; if [ -r /proc/sys/crypto/fips_enabled ]; then read -r v </proc/sys/crypto/fips_enabled; echo "$v"; else echo absent; fi',
  'echo "[command line]"; read -r line </proc/cmdline; set -f',
  'for w in $line; do case $w in fips=*|module_blacklist=*|modprobe.blacklist=*|rd.driver.blacklist=*) echo "$w";; esac; done; set +f',
  'echo "[modules]"; if [ -r /proc/modules ]; then while read -r m rest; do echo "$m"; done </proc/modules; else echo absent; fi',
  'for f in /etc/modprobe.d/*.conf /run/modprobe.d/*.conf /usr/local/lib/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf /lib/modprobe.d/*.conf; do',
  '[ -r "$f" ] || continue; echo "[modprobe $f]"',
  'while read -r k m rest || [ -n "$k" ]; do case $k in install|blacklist) echo "$k $m $rest";; esac; done <"$f"; done',
  'r=unknown; while read -r d m t rest; do [ "$m" = / ] && r=$t; done </proc/mounts; echo "[root]"; echo "$r"',
  'echo "[end]"',
].join('\n');

/** How the head of a file's section begins. */
const MODPROBE = 'modprobe ';

/** Reads what {@link KERNEL_MEANS_SCRIPT} prints. A text without its end line gives no item. */
export function decodeKernelMeans(text: string): Decoded<KernelMeans> {
  const unparsed: UnparsedLine[] = [];
  const found = {
    fips: null as boolean | null,
    commandLine: [] as string[],
    modules: [] as string[] | null,
    rules: [] as ModuleRule[],
    root: null as string | null,
  };
  const files = new Set<string>();
  let section = '';
  let ended = false;
  for (const { line, text: raw, words } of textLines(text)) {
    const head = /^\[(.+)\]$/.exec(words)?.[1];
    if (head !== undefined) {
      section = head;
      ended = head === 'end';
      // A file without a rule also hides files of the same name in later folders.
      if (head.startsWith(MODPROBE)) files.add(head.slice(MODPROBE.length));
      continue;
    }
    const rule = /^(install|blacklist) (\S+)(?: (.*))?$/.exec(words);
    if (section === 'fips' && /^(?:[01]|absent)$/.test(words)) found.fips = words === 'absent' ? null : words === '1';
    else if (section === 'command line' && /^[a-z_.]+=\S*$/.test(words)) found.commandLine.push(words);
    else if (section === 'modules' && words === 'absent') found.modules = null;
    else if (section === 'modules' && /^\S+$/.test(words)) found.modules?.push(words);
    else if (section === 'root' && /^\S+$/.test(words)) found.root = words === 'unknown' ? null : words;
    else if (section.startsWith(MODPROBE) && rule !== null) {
      const file = section.slice(MODPROBE.length);
      const shadowed = [...files].find((other) => baseName(other) === baseName(file)) !== file;
      const kind = rule[1] === 'install' ? 'install' : 'blacklist';
      if (!shadowed) found.rules.push({ file, kind, module: moduleName(rule[2] ?? ''), command: (rule[3] ?? '').trim() });
    } else unparsed.push(unparsedLine(line, raw));
  }
  return { items: ended ? [found] : [], unparsed };
}

/** A module's name as in /proc/modules. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
