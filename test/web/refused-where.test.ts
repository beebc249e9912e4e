import { expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

test('a long form that was refused opens at the field that is wrong, and not at its top', async () => {
  const value = await pages().signIn('olivia@brightpanes.example');
  const { page, context } = await openTab();
  await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await page.goto(`${pages().url}/settings`);
  const field = page.getByLabel('Minutes between starts');
  await field.fill('often');
  await field.press('Enter');
  await page.waitForURL('**/settings/scheduling');
  const wrong = page.locator('[aria-invalid]');
  expect(await wrong.getAttribute('name')).toBe(await page.evaluate('document.activeElement.name'));
  const box = await wrong.boundingBox();
  expect(box?.y).toBeGreaterThan(0);
  expect(box?.y).toBeLessThan(700);
});
