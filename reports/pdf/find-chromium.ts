import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium of this machine; none is ever downloaded. Undefined where there is none. */
export function findChromium(path: string = process.env.PATH ?? ''): string | undefined {
  return NAMES.flatMap((name) => path.split(delimiter).map((folder) => join(folder, name))).find((file) => existsSync(file));
}

/** What is looked for, for messages. */
export const CHROMIUM_NAMES = NAMES.join(', ');
