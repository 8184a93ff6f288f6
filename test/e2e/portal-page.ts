import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Db } from '../../db/connection';
import { placeOf } from '../support/needs';

export const portalFolder = join(__dirname, '../../dist/portal');

/** The portal as it is shipped: built, not served from its sources. */
export function requirePortal(): void {
  if (!existsSync(join(portalFolder, 'index.html')))
    throw new Error('The portal is not built: npm run build');
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: placeOf('chromium') });

/** What a page asked of the world besides its own origin, and what its console complained of. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
  readonly strangers: string[];
}

/** What the hub refuses is an answer, though the browser notes it: the first one is that nobody is logged in. */
const answered = /status of (401|403|409|422) /;

export async function openPage(browser: Browser, url: string): Promise<Watched> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1360, height: 900 },
    timezoneId: 'America/Chicago',
  });
  const page = await context.newPage();
  // Generous: a browser on a busy machine is slow, and no test here measures time.
  page.setDefaultTimeout(40_000);
  const complaints: string[] = [];
  const strangers: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !answered.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) strangers.push(request.url());
  });
  return { page, complaints, strangers };
}

/** A key for a person, as an administrator would hand it out. */
export async function giveKey(
  db: Db,
  secret: string,
  key: {
    readonly name: string;
    readonly person?: string;
    readonly roles?: readonly string[];
    readonly scopes: readonly string[];
    readonly customer_id?: string;
    readonly node_id?: string;
  },
): Promise<void> {
  await db('api_key').insert({ ...key, secret_hash: createHash('sha256').update(secret).digest('hex') });
}

export async function logIn(page: Page, key: string): Promise<void> {
  await page.goto('/');
  await page.getByLabel('Access key').fill(key);
  await page.getByRole('button', { name: 'Log in' }).click();
  // Its own page has a heading as well: whoever goes on before the answer is not logged in.
  await page.getByLabel('Access key').waitFor({ state: 'detached' });
  await page.getByRole('heading', { level: 1 }).waitFor();
}
