/** Which folder may import what: Biome's rules, CONTRIBUTING.md and the test of both are generated from this table. */

const HARNESS = ['model', 'decode', 'stacks', 'judge', 'record', 'proc', 'kube', 'testing', 'run', 'cli'].map((room) => `harness/${room}`);

/** Every room. `clusters/kind` is part of `clusters` with a package of its own. */
export const ROOMS: readonly string[] = [...HARNESS, 'clusters', 'reports', 'suites'];

const CORE = ['harness/model', 'harness/decode', 'harness/stacks'];

/** Each room with the rooms that it may import. */
export const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'harness/model': [],
  'harness/decode': ['harness/model'],
  'harness/stacks': ['harness/model', 'harness/decode'],
  'harness/judge': CORE,
  'harness/record': [...CORE, 'harness/proc'],
  'harness/proc': ['harness/model'],
  'harness/kube': ['harness/model', 'harness/proc'],
  'harness/testing': [...CORE, 'harness/judge', 'harness/record'],
  'harness/run': ROOMS.filter((room) => room !== 'harness/cli'),
  'harness/cli': ROOMS,
  clusters: ['harness/model', 'harness/stacks', 'harness/proc', 'harness/kube'],
  reports: ['harness/model'],
  suites: [...CORE, 'harness/judge'],
};

/** Rooms that do no I/O. */
const PURE = ['harness/model', 'harness/decode', 'harness/stacks', 'harness/judge', 'suites'];
const IO = ['node:fs', 'node:fs/promises', 'node:net', 'node:http', 'node:https', 'node:dgram'];

/** Third-party packages and Node modules, each with the folders that may import it. */
export const OWNERS: Readonly<Record<string, readonly string[]>> = {
  execa: ['harness/proc'],
  '@kubernetes/client-node': ['harness/kube'],
  vitest: [],
  commander: ['harness/cli'],
  'junit-report-builder': ['reports'],
  'playwright-core': ['reports'],
  'node:child_process': ['harness/proc'],
  'node:worker_threads': ['harness/proc'],
  ...Object.fromEntries(IO.map((name) => [name, ROOMS.filter((room) => !PURE.includes(room))])),
};

/** Folders with an entry for Biome, each with those of its files that have another entry. */
const FOLDERS: readonly (readonly [folder: string, without: readonly string[]])[] = [
  ...ROOMS.filter((room) => room !== 'clusters').map((room) => [room, []] as const),
  ['clusters/kind', []],
  ['clusters/existing', []],
  ['clusters', ['!clusters/kind/**', '!clusters/existing/**']],
];

/** Folders of one room that may not import each other: code for both is in a third. */
export const SEPARATE: Readonly<Record<string, readonly string[]>> = {
  'clusters/kind': ['clusters/existing'],
  'clusters/existing': ['clusters/kind'],
};

/** Test files and their data may read through any room; suites/recording.suite.ts is the catalogue as Vitest tests. */
const OUTSIDE = ['!**/*.test.ts', '!**/testdata/**', '!suites/recording.suite.ts'];

/** The `overrides` of biome.json. */
export function biomeOverrides(): unknown[] {
  return FOLDERS.map(([folder, without]) => {
    const room = ROOMS.find((name) => folder === name || folder.startsWith(`${name}/`)) ?? folder;
    const foreign = ROOMS.filter((other) => other !== room && !ARROWS[room]?.includes(other));
    const apart = (SEPARATE[folder] ?? []).map((other) => ({
      group: [`**/${other.slice(room.length + 1)}/**`],
      message: `${folder} knows nothing of ${other}`,
    }));
    const patterns = [
      ...(foreign.length > 0 ? [{ group: foreign.map((other) => globOf(room, other)), message: allowed(room) }] : []),
      ...apart,
    ];
    const refused = Object.entries(OWNERS).filter(([, owners]) => !owners.some((owner) => owner === folder || owner === room));
    const paths = Object.fromEntries(refused.map(([name, owners]) => [name, `${name} is for ${owners.join(', ') || 'tests'} only`]));
    const options = { paths, ...(patterns.length > 0 ? { patterns } : {}) };
    return {
      includes: [`${folder}/**/*.ts`, ...without, ...OUTSIDE],
      linter: { rules: { style: { noRestrictedImports: { level: 'error', options } } } },
    };
  });
}

/** The pattern of an import of another room; inside the harness a path does not contain `harness/`. */
function globOf(room: string, other: string): string {
  const inside = room.startsWith('harness/') && other.startsWith('harness/');
  return `**/${inside ? other.slice('harness/'.length) : other}/**`;
}

function allowed(room: string): string {
  const rooms = ARROWS[room] ?? [];
  return `${room} may import ${rooms.length > 0 ? rooms.join(', ') : 'no other room'}`;
}

/** The table of CONTRIBUTING.md. */
export function arrowsTable(): string {
  const names = (rooms: readonly string[]): string => rooms.map((room) => room.replace('harness/', '')).join(', ');
  const rows = Object.entries(ARROWS).map(([room, rooms]) => {
    const lacks = ROOMS.filter((other) => other !== room && !rooms.includes(other));
    const text =
      rooms.length === 0 ? 'nothing' : lacks.length === 0 ? 'all' : lacks.length === 1 ? `all but ${names(lacks)}` : names(rooms);
    return `| ${room} | ${text} |`;
  });
  return ['| room | may import |', '|---|---|', ...rows].join('\n');
}
