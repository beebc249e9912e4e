import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * The first step of `npm test`: makes sure that there is a Chromium for the browser tests. On Debian and Ubuntu it
 * installs one when it may (root, or sudo without a question); elsewhere it says what to install and exits 1.
 */
const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const found = () => places.find(place => place !== undefined && existsSync(place));

if (!found()) install();
if (!found()) {
  console.error(
    'The browser tests need Chromium. Install it (Debian: apt-get install chromium; macOS: Google Chrome) or set CHROMIUM_PATH.',
  );
  process.exit(1);
}

function install(): void {
  if (!existsSync('/usr/bin/apt-get')) return;
  const isRoot = process.getuid?.() === 0;
  const run = (...args: string[]) =>
    execFileSync(isRoot ? 'apt-get' : 'sudo', isRoot ? args : ['-n', 'apt-get', ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  try {
    console.error('Installing Chromium for the browser tests …');
    run('update', '-qq');
    run('install', '-y', '-qq', '--no-install-recommends', 'chromium');
  } catch {
    // Said below, with what to do.
  }
}
