import { existsSync } from 'node:fs';

/** A phone and a small laptop: every page is looked at in both (PLT-41). */
export const sizes = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
] as const;

/** The headless shell first: the same engine without a window around it, for two thirds of the work. */
const places = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Where the browser is: CHROMIUM_PATH, else the usual places. Throws a sentence that says what to install. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const asked = env.CHROMIUM_PATH;
  if (asked !== undefined && asked !== '') {
    if (existsSync(asked)) return asked;
    throw new Error(`CHROMIUM_PATH is ${asked}, and there is no such file.`);
  }
  const found = places.find(place => existsSync(place));
  if (found !== undefined) return found;
  throw new Error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}
