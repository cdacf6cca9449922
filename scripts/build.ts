/**
 * `npm run build [-- FOLDER]`: bundles the sources to dist/, or to another folder, and puts the data files in the places that their readers know. A
 * command loads some files instead of hundreds. The packages that package.json names stay outside, so that npm brings, lists and audits them.
 */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path/posix';
import { build, type Plugin } from 'rolldown';
import { ROOT } from './tool.ts';

/** The rooms that are shipped. */
const ROOMS = ['harness', 'clusters', 'reports', 'suites', 'advisories'];
/** The programs: the command line, the process that holds a lab in the background, and what threads run. */
const PROGRAMS = [
  'harness/cli/main',
  'clusters/lab/background/holder',
  'harness/run/ledger/part-thread',
  'harness/run/threads/judge-thread',
];
/** Stands for the URL of dist/ until it is known in which file a module ends up. */
const DIST = '__WIREWITNESS_DIST__';

const [, , dist = join(ROOT, 'dist')] = process.argv;

/** Lets a module find its data files by `import.meta.url`, as if it still were a file of its own. */
const placeOfModule: Plugin = {
  name: 'place-of-module',
  transform(code, id) {
    if (!code.includes('import.meta.url')) return null;
    const file = relative(ROOT, id).replace(/\.ts$/, '.js');
    return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(file)}, ${DIST}).href`);
  },
  renderChunk(code, { fileName }) {
    const root = relative(dirname(fileName), '.');
    return code.includes(DIST) ? code.replaceAll(DIST, `new URL(${JSON.stringify(`${root}/`)}, import.meta.url)`) : null;
  },
};

const {
  dependencies,
  peerDependencies,
}: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const outside = Object.keys({ ...dependencies, ...peerDependencies });

rmSync(dist, { recursive: true, force: true });
await build({
  input: Object.fromEntries(PROGRAMS.map((program) => [program, join(ROOT, `${program}.ts`)])),
  platform: 'node',
  external: (id) => outside.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [placeOfModule],
  output: {
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
});

for (const room of ROOMS) {
  cpSync(join(ROOT, room), join(dist, room), {
    recursive: true,
    filter: (source) => basename(source) !== 'testdata' && !source.endsWith('.ts') && !source.endsWith('.md'),
  });
}
