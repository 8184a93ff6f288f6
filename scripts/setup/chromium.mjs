import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureDebianProgram } from './debian-package.mjs';
import { findOnPath } from './run-command.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** A browser that Playwright downloaded for another project does as well. */
function playwrightCopies() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH || join(homedir(), '.cache', 'ms-playwright');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('chromium-'))
    .flatMap((name) => ['chrome-linux', 'chrome-linux64'].map((part) => join(folder, name, part, 'chrome')));
}

function find() {
  const onPath = NAMES.map((name) => findOnPath(name)).find(Boolean);
  return onPath ?? [...MAC, ...playwrightCopies()].find((path) => existsSync(path)) ?? null;
}

/**
 * A Chromium for the browser tests: `{ path }`, or `{ path: null, why, couldHave }`. Only Debian's
 * package is ever installed, and only as root: nobody's machine is changed without the right to.
 */
export async function ensureChromium() {
  if (process.env.CHROMIUM_PATH) return { path: process.env.CHROMIUM_PATH };
  return ensureDebianProgram({
    find,
    packageName: 'chromium',
    purpose: 'Chromium for the browser tests',
    missing: 'no Chromium on PATH; install one or set CHROMIUM_PATH',
  });
}
