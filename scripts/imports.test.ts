/** What neither Biome nor knip sees: cycles of which some imports are of types only, and one name that two files export. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './tool.ts';

const FILES = globSync('{harness,clusters,reports,suites,bench,scripts}/**/*.ts', { cwd: ROOT });

function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** Files of the project that a file imports, types included. */
function importsOf(file: string): string[] {
  return [...textOf(file).matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']*)';/gm)].map(([, path = '']) =>
    relative(ROOT, join(ROOT, dirname(file), path)),
  );
}

/** Every cycle that a walk over the graph meets, as the files on it. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' -> '));
    if (at >= 0 || done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
  return found;
}

test('no file imports itself over others, not even for a type', () => {
  const graph = new Map(FILES.map((file) => [file, importsOf(file)]));
  expect(graph.size).toBeGreaterThan(500);
  expect(graph.get('scripts/imports.test.ts')).toEqual(['scripts/tool.ts']);
  expect(cycles(graph)).toEqual([]);
  expect(
    cycles(
      new Map([
        ['a', ['b']],
        ['b', ['c']],
        ['c', ['b']],
      ]),
    ),
  ).toEqual(['b -> c -> b']);
});

test('a name is exported by one file only', () => {
  const files = new Map<string, string[]>();
  for (const file of FILES)
    for (const [, name = ''] of textOf(file).matchAll(
      /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm,
    ))
      files.set(name, [...new Set([...(files.get(name) ?? []), file])]);
  expect(files.size).toBeGreaterThan(500);
  expect([...files].filter(([, places]) => places.length > 1).map(([name, places]) => `${name}: ${places.join(', ')}`)).toEqual([]);
});
