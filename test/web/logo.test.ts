import { expect, test } from 'vitest';
import { png } from '../organizations/logos.ts';
import { useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

test('without JavaScript: Olivia puts a logo on her bills, sees it, and takes it off again', async () => {
  const { context, page } = await openTab({ javaScript: false });
  const value = await pages().signIn('olivia@brightpanes.example');
  await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await page.goto(`${pages().url}/settings`);
  const logo = page.getByRole('region', { name: 'Logo' });
  await logo.getByLabel('A picture').setInputFiles({
    name: 'notes.txt',
    mimeType: 'image/png',
    buffer: Buffer.from('no picture at all'),
  });
  await logo.getByRole('button', { name: 'Put it on bills' }).click();
  await logo.getByRole('alert').waitFor();
  await logo
    .getByLabel('A picture')
    .setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: png() });
  await logo.getByRole('button', { name: 'Put it on bills' }).click();
  await page.getByRole('status').getByText('The logo is on your bills now.').waitFor();
  const shown = await logo
    .getByAltText('Your logo')
    .evaluate(picture => Reflect.get(picture, 'naturalWidth'));
  expect(shown).toBe(160);
  await logo.getByRole('button', { name: 'Remove the logo' }).click();
  await logo.getByRole('button', { name: 'Put it on bills' }).waitFor();
  expect(await logo.getByAltText('Your logo').count()).toBe(0);
});
