import { setTimeout as pause } from 'node:timers/promises';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** WCAG 2.2 AA and what it is built on; best practices are not part of the promise. */
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What fades in has another contrast until it stands; what turns for ever is not waited for. */
const stands = `Promise.all(document.getAnimations()
  .filter((one) => one.effect?.getComputedTiming().endTime !== Infinity)
  .map((one) => one.finished.catch(() => undefined))).then(() => undefined)`;

/** For people who look at the pages: SCREENSHOTS names a folder. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (folder === undefined) return;
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

const phone = { width: 390, height: 844 };
/** Widths at which tables used to scroll sideways: small laptops, tablets, half of a screen. */
const between = [1280, 1024, 800];

/** Lists that somebody would have to scroll sideways. */
const sidewaysLists = `[...document.querySelectorAll('.list-frame')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.querySelector('caption')?.textContent + ': ' + one.scrollWidth + ' in ' + one.clientWidth)`;

/**
 * What somebody with a phone would have to scroll sideways for: the page, or anything to be pressed or filled in. A
 * message that slides away is nothing to be pressed.
 */
const outside = `(() => {
  const width = document.documentElement.clientWidth;
  const pressed = 'button, a[href], input, select, textarea, summary, [role=button], [role=combobox]';
  const open = document.querySelector('[role=dialog]') ?? document.body;
  const out = [...open.querySelectorAll(pressed)]
    .filter((one) => !one.closest('nav, .skip-link, .visually-hidden, .mantine-Notification-root') && one.checkVisibility({ visibilityProperty: true }))
    .filter((one) => {
      const { left, right } = one.getBoundingClientRect();
      return right > width + 1 || left < -1;
    })
    .map((one) => one.tagName.toLowerCase() + ' ' + (one.getAttribute('aria-label') ?? one.textContent ?? '').trim());
  return { sideways: Math.max(0, document.documentElement.scrollWidth - width), out };
})()`;

/** What fades away while it is looked at is a finding once, and no longer there when it is looked at again. */
async function findingsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const first = await findingsNow(page);
  if (first.length === 0) return first;
  await page.evaluate(stands);
  return findingsNow(page);
}

async function findingsNow(page: Page): Promise<readonly string[]> {
  const options = JSON.stringify({ runOnly: { type: 'tag', values: standards } });
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
}

/**
 * Looks at a page as somebody who cannot see it, or not well, comes upon it: no finding of axe-core is let pass. Then
 * on narrower screens: no list has to be scrolled sideways; and as somebody with a phone: nothing has to be scrolled sideways to be pressed. With SCREENSHOTS naming a folder the page
 * is kept there as a picture of each, for those who look.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  await page.evaluate('window.scrollTo(0, 0)');
  await page.evaluate(stands);
  await keepPicture(page, name);
  expect({ page: name, findings: await findingsOf(page) }).toEqual({ page: name, findings: [] });
  const desk = page.viewportSize() ?? phone;
  try {
    await lookBetween(page, name, desk.height);
    await page.setViewportSize(phone);
    await lookOnPhone(page, `${name}-phone`);
  } finally {
    await page.setViewportSize(desk);
  }
}

/**
 * A list is laid out anew once its observer has seen it resized. Asked from here: what a page waits for itself, it would
 * have to evaluate, which its policy forbids.
 */
async function atLast<Seen>(page: Page, asked: string, isFine: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const seen = await page.evaluate<Seen>(asked);
    if (isFine(seen) || Date.now() > deadline) return seen;
    await pause(50);
  }
}

async function lookBetween(page: Page, name: string, height: number): Promise<void> {
  for (const width of between) {
    await page.setViewportSize({ width, height });
    const sideways = await atLast<readonly string[]>(page, sidewaysLists, (lists) => lists.length === 0);
    expect({ page: name, width, sideways }).toEqual({ page: name, width, sideways: [] });
  }
}

interface Outside {
  /** By how many pixels the page is wider than its window. */
  readonly sideways: number;
  /** What is to be pressed or filled in, and lies beside the window. */
  readonly out: readonly string[];
}

async function lookOnPhone(page: Page, name: string): Promise<void> {
  await page.evaluate(stands);
  await keepPicture(page, name);
  const seen = await atLast<Outside>(
    page,
    outside,
    ({ sideways, out }) => sideways === 0 && out.length === 0,
  );
  const findings = await findingsOf(page);
  expect({ page: name, ...seen, findings }).toEqual({ page: name, sideways: 0, out: [], findings: [] });
}
