import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { ApiDependencies } from '../../api/dependencies';
import type { Db } from '../../db/connection';
import { type ApiServer, startApi } from '../support/api-ground';
import { placeOf } from '../support/needs';
import { lookAt } from './look-at';

const portalFolder = join(__dirname, '../../dist/portal');

/** The portal as it is shipped: built, not served from its sources. */
function requirePortal(): void {
  if (!existsSync(join(portalFolder, 'index.html')))
    throw new Error('The portal is not built: npm run build');
}

const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: placeOf('chromium') });

/** What a page asked of the world besides its own origin, and what its console complained of. */
export interface Watched {
  readonly page: Page;
  readonly complaints: string[];
  readonly strangers: string[];
}

/** What the hub refuses is an answer, though the browser notes it: the first one is that nobody is logged in. */
const answered = /status of (401|403|409|412|422) /;

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

/** What the portal of a test file is opened over. */
export interface Ground {
  readonly db: Db;
  readonly api?: Partial<ApiDependencies>;
  readonly close: () => Promise<unknown>;
}

interface VisitOptions {
  /** Opened logged in with this key. */
  readonly logInAs?: string;
  /** The tests want refusals, which the browser notes in its console. */
  readonly refusals?: boolean;
  /** The tests of the file go on where the one before stopped. */
  readonly onePage?: boolean;
}

/**
 * The portal in a browser for the tests of a block: one server and one browser, a page of its own for each test. No
 * page may load anything from elsewhere, nor complain (the content security policy never has to stop anything).
 * @param ground sets the record up, before the server starts
 */
export function visitPortal(ground: () => Promise<Ground>, options: VisitOptions = {}): PortalVisit {
  const visit = new PortalVisit();
  let close: (() => Promise<unknown>) | undefined;
  beforeAll(async () => {
    requirePortal();
    const { db, api = {}, close: closeGround } = await ground();
    close = closeGround;
    visit.api = await startApi(db, { ...api, portalFolder });
    visit.browser = await openBrowser();
  }, 90_000);
  beforeEach(async () => {
    if (options.onePage === true && visit.opened !== undefined) return;
    visit.opened = await openPage(visit.browser, visit.api.url);
    if (options.logInAs !== undefined) await logIn(visit.page, options.logInAs);
  });
  afterEach(async () => {
    expect(visit.opened?.strangers).toEqual([]);
    if (options.refusals !== true) expect(visit.opened?.complaints).toEqual([]);
    if (options.onePage !== true) await visit.page.context().close();
  });
  afterAll(async () => {
    await visit.browser?.close();
    await visit.api?.close();
    await close?.();
  });
  return visit;
}

export class PortalVisit {
  api!: ApiServer;
  browser!: Browser;
  opened: Watched | undefined;

  get page(): Page {
    if (!this.opened) throw new Error('no page is open: it is opened before each test');
    return this.opened.page;
  }

  async shot(name: string): Promise<void> {
    await lookAt(this.page, name);
  }
}
