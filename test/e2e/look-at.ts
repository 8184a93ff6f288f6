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

/**
 * Looks at a page as somebody who cannot see it, or not well, comes upon it: no finding of axe-core is let pass. With
 * SCREENSHOTS naming a folder the page is kept there as a picture, for those who look.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  await page.evaluate('window.scrollTo(0, 0)');
  await page.evaluate(stands);
  await keepPicture(page, name);
  await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: standards } });
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(document, ${options})`);
  const findings = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
  expect({ page: name, findings }).toEqual({ page: name, findings: [] });
}
