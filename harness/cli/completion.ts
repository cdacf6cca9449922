import type { Command, Option } from 'commander';

/** Shells with a completion script. */
export const COMPLETION_SHELLS = ['bash', 'zsh', 'fish'] as const;
export type CompletionShell = (typeof COMPLETION_SHELLS)[number];

export const COMPLETION_EXAMPLES = `
Examples:
  source <(wirewitness completion bash)
  wirewitness completion zsh > _wirewitness        in a folder of $fpath
  wirewitness completion fish > ~/.config/fish/completions/wirewitness.fish`;

/** What can follow a command. Commander has no completion, so its command tree is read. */
interface Place {
  /** Words of the command, `run` or `lab up`; empty for the program. */
  readonly path: string;
  readonly words: readonly Word[];
  readonly options: readonly Typed[];
}

interface Word {
  readonly word: string;
  readonly about: string;
}

interface Typed extends Word {
  /** Empty: anything, a file for instance; undefined: no value follows. */
  readonly values?: readonly string[];
}

/** The completion script for a shell, generated from the command tree. It does not start wirewitness. */
export function completionScript(root: Command, shell: CompletionShell): string {
  const places = placesOf(root, []);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](root.name(), places);
}

function placesOf(command: Command, path: readonly string[]): Place[] {
  const children = [...command.commands];
  const own: Place = {
    path: path.join(' '),
    words: children.map((child) => ({ word: child.name(), about: plain(child.description()) })),
    options: [...command.options.filter(({ hidden }) => !hidden).map(typed), { word: '--help', about: 'show the help' }],
  };
  return [own, ...children.flatMap((child) => placesOf(child, [...path, child.name()]))];
}

function typed({ long, description, argChoices, required, optional }: Option): Typed {
  const word = long ?? '';
  const about = plain(description);
  return required || optional ? { word, about, values: argChoices ?? [] } : { word, about };
}

/** Text without characters that are special to a shell: quotes, signs and line ends are removed. */
function plain(text: string): string {
  return text
    .replaceAll(/['"`\\$[\]():\n]/g, ' ')
    .replaceAll(/ +/g, ' ')
    .trim();
}

const said = (words: readonly Word[]): string => words.map(({ word }) => word).join(' ');

function bashScript(name: string, places: readonly Place[]): string {
  const values = places.flatMap(({ path, options }) =>
    options
      .filter((option) => option.values !== undefined)
      .map((option) => `    '${path} ${option.word}') words='${option.values?.join(' ')}' ;;`),
  );
  const cases = places.map(
    ({ path, words, options }) => `    '${path}') words='${[said(words), said(options)].filter((part) => part !== '').join(' ')}' ;;`,
  );
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${places
      .map(({ path }) => path)
      .filter((path) => path !== '')
      .join('|')} " in
      *[\\ \\|]"\${path:+$path }$word"[\\ \\|]*) path=\${path:+$path }$word ;;
    esac
  done
  case "$path $before" in
${values.join('\n')}
    *) before= ;;
  esac
  if [ -n "$before" ]; then
    if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$current")); else COMPREPLY=($(compgen -f -- "$current")); fi
    return
  fi
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))
}
complete -o filenames -F _${name} ${name}
`;
}

function zshScript(name: string, places: readonly Place[]): string {
  const described = (words: readonly Word[]): string => words.map(({ word, about }) => `'${word}:${about}'`).join(' ');
  const cases = places.map(({ path, words, options }) => `    '${path}') found=(${described(words)} ${described(options)}) ;;`);
  const values = places.flatMap(({ path, options }) =>
    options
      .filter((option) => option.values !== undefined)
      .map((option) => `    '${path} ${option.word}') found=(${option.values?.join(' ')}); valued=1 ;;`),
  );
  return `#compdef ${name}
# zsh completion of ${name}: ${name} completion zsh > "\${fpath[1]}/_${name}"
_${name}() {
  local -a found known
  local place='' word valued=''
  known=(${places.map(({ path }) => `'${path}'`).join(' ')})
  for word in \${words[2,CURRENT-1]}; do
    if (( \${known[(Ie)\${place:+$place }$word]} )); then place="\${place:+$place }$word"; fi
  done
  case "$place \${words[CURRENT-1]}" in
${values.join('\n')}
  esac
  if [[ -n $valued ]]; then
    if (( \${#found} )); then compadd -- $found; else _files; fi
    return
  fi
  case "$place" in
${cases.join('\n')}
  esac
  _describe '${name}' found || _files
}
if [[ \${funcstack[1]} = _${name} ]]; then _${name} "$@"; else compdef _${name} ${name}; fi
`;
}

function fishScript(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words, options }) => {
    const here = `-n '__${name}_at ${path === '' ? 'none' : path}'`;
    return [
      ...words.map(({ word, about }) => `complete -c ${name} ${here} -f -a ${word} -d '${about}'`),
      ...options.map(({ word, about, values }) => {
        const takes = values === undefined ? '' : values.length === 0 ? ' -r -F' : ` -x -a '${values.join(' ')}'`;
        return `complete -c ${name} ${here} -l ${word.slice(2)}${takes} -d '${about}'`;
      }),
    ];
  });
  return `# fish completion of ${name}: ${name} completion fish > ~/.config/fish/completions/${name}.fish
function __${name}_at
  set -l known ${places
    .filter(({ path }) => path !== '')
    .map(({ path }) => `'${path}'`)
    .join(' ')}
  set -l place
  for word in (commandline -opc)[2..-1]
    if contains -- (string join ' ' $place $word) $known
      set -a place $word
    end
  end
  test "$place" = "$argv"; or begin; test -z "$place"; and test "$argv" = none; end
end
${lines.join('\n')}
`;
}
