/** Proves every fence of biome.json red: what a room may not import is refused there, and what it may is not. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ARROWS, OWNERS, ROOMS, SEPARATE } from './fences.ts';
import { ROOT, tool } from './tool.ts';

const PACKAGES = Object.keys(OWNERS);
const FOLDERS = [...ROOMS.filter((room) => room !== 'clusters'), 'clusters/lab', 'clusters/kind', 'clusters/existing'];

const BiomeReport = z.object({
  diagnostics: z.array(z.object({ location: z.object({ path: z.string(), start: z.object({ line: z.number() }) }) })),
});

function roomOf(folder: string): string {
  return folder.startsWith('clusters/') ? 'clusters' : folder;
}

function otherRooms(folder: string): string[] {
  return ROOMS.filter((other) => other !== roomOf(folder));
}

/** How `<folder>/deep/fence.ts` writes an import from another room. */
function relative(folder: string, other: string): string {
  return posix.relative(`${folder}/deep`, `${other}/x.ts`);
}

/** What the file of a folder imports, one a line: every other room, then every fenced package. */
function specifiersOf(folder: string): string[] {
  return [...[...otherRooms(folder), ...(SEPARATE[folder] ?? [])].map((other) => relative(folder, other)), ...PACKAGES];
}

/** A throw-away project with the real biome.json and one file a room: one run of Biome judges them all. */
function refusedByRoom(): Map<string, string[]> {
  const project = mkdtempSync(join(tmpdir(), 'fences-'));
  try {
    for (const file of ['biome.json', '.gitignore']) copyFileSync(join(ROOT, file), join(project, file));
    for (const folder of FOLDERS) {
      mkdirSync(join(project, folder, 'deep'), { recursive: true });
      const source = specifiersOf(folder).map((specifier) => `import '${specifier}';\n`);
      writeFileSync(join(project, folder, 'deep/fence.ts'), source.join(''));
    }
    const args = ['lint', '--reporter=json', '--max-diagnostics=none', '--only=style/noRestrictedImports'];
    const { stdout } = spawnSync(process.execPath, [tool('@biomejs/biome', 'biome'), ...args], { cwd: project, encoding: 'utf8' });
    const refused = new Map<string, string[]>();
    for (const { location } of BiomeReport.parse(JSON.parse(stdout)).diagnostics) {
      const folder = dirname(dirname(location.path));
      const specifier = specifiersOf(folder)[location.start.line - 1];
      if (specifier !== undefined) refused.set(folder, [...(refused.get(folder) ?? []), specifier]);
    }
    return refused;
  } finally {
    rmSync(project, { recursive: true });
  }
}

const refused = refusedByRoom();

test.each(FOLDERS)('%s may import what its arrows and fences allow, and nothing else', (folder) => {
  const room = roomOf(folder);
  const rooms = otherRooms(folder).filter((other) => !ARROWS[room]?.includes(other));
  const packages = PACKAGES.filter((name) => !OWNERS[name]?.some((owner) => owner === folder || owner === room));
  const expected = [...[...rooms, ...(SEPARATE[folder] ?? [])].map((other) => relative(folder, other)), ...packages];
  expect(refused.get(folder)?.toSorted()).toEqual(expected.toSorted());
});
