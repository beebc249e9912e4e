import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';
import { addressesOf, wrongOn } from './page-addresses.ts';
import { tellMore } from './whole-site.ts';

// Every page there is, on the smallest phone, by day and at night: nothing hangs over the edge, nothing is too faint to
// read. A new page is looked at without anyone remembering to list it.

// Browsers make passkeys at a name, not at a number.
const pages = usePages({}, { host: 'localhost' });
const openTab = useBrowser();
const long = 'Bartholomew Maximilian Featherstonehaugh-Cholmondeley von und zu Hohenzollern-Sigmaringen';

beforeAll(async () => {
  await tellMore(pages());
  const { done, bright } = pages();
  const contact = await done(bright.owner, 'contact.create', {
    full_name: long,
    email: `${'bartholomew.'.repeat(4)}b@extraordinarilylongdomainname.example`,
    notes: 'A'.repeat(300),
    custom_fields: { some_very_long_name_of_a_custom_field: 'with'.repeat(40) },
  });
  await done(bright.owner, 'ticket.create', { contact_id: contact.id, scheduled_at: '2026-11-18T16:00' });
});

test('every page fits the smallest phone and can be read, by day and at night', async () => {
  const { chosen, missing } = await addressesOf(pages(), 2);
  expect(missing).toEqual([]);
  expect(chosen.length).toBeGreaterThan(40);
  const tab = await openTab({ size: sizes[0] });
  expect(await wrongOn(pages(), tab, chosen, tooFaint)).toEqual([]);
});

test('what is too faint, or too wide, would be found', async () => {
  const { page } = await openTab({ size: sizes[0] });
  await page.setContent('<body style="background: #fff"><p style="color: #777">Grey</p><p>Black</p></body>');
  expect(await tooFaint(page)).toEqual(['“Grey” 4.48']);
  await page.setContent('<input placeholder="Faint" style="color: #000; background: #888">');
  expect(await tooFaint(page)).toHaveLength(1);
  await page.setContent('<p style="width: 400px">Wide</p>');
  expect(await overflow(page)).toBeGreaterThan(0);
});

/** Texts whose contrast with what is behind them is under 4.5 : 1, with the ratio. */
function tooFaint(page: Page): Promise<string[]> {
  return page.locator('body, body *').evaluateAll(elements => {
    type Colour = [number, number, number, number];
    const read = (text: string): Colour => {
      const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [r, g, b, a];
    };
    const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => [
      r * a + x * (1 - a),
      g * a + y * (1 - a),
      b * a + z * (1 - a),
      1,
    ];
    const linear = (part: number) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]: Colour) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const ratio = (a: Colour, b: Colour) => {
      const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
      return (high + 0.05) / (low + 0.05);
    };
    return elements.flatMap(element => {
      const view = element.ownerDocument.defaultView;
      const own = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim());
      const placeholder = element.getAttribute('placeholder') ?? '';
      const words = [...own, element.value ? String(element.value) : ''].join(' ').trim() || placeholder;
      if (words === '' || element.getClientRects().length === 0 || element.disabled) return [];
      const layers: Colour[] = [];
      for (let at = element; at; at = at.parentElement) {
        const layer = read(view.getComputedStyle(at).backgroundColor);
        layers.push(layer);
        if (layer[3] === 1) break;
      }
      const behind = layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
      const pseudo = words === placeholder ? '::placeholder' : undefined;
      const ink = over(read(view.getComputedStyle(element, pseudo).color), behind);
      const found = ratio(ink, behind);
      return found < 4.5 ? [`“${words.slice(0, 40)}” ${found.toFixed(2)}`] : [];
    });
  });
}
