import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The Chromium of this machine, never a downloaded one. Undefined if there is none. */
export function findChromium(path: string = process.env.PATH ?? ''): string | undefined {
  return NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** The programs that are searched for, for messages. */
export const CHROMIUM_NAMES = NAMES.join(', ');
