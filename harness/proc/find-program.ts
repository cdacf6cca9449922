import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian has some tools there, which are not on an ordinary user's PATH. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

/** Full path of a program, or undefined when no folder of `path` holds an executable file of that name. */
export function findProgram(name: string, path: string = process.env.PATH ?? ''): string | undefined {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent and not executable give the same answer; the caller says what to install.
    return false;
  }
}
