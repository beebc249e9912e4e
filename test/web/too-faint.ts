import type { ElementHandle, JSHandle, Page } from 'playwright-core';

type Shown = ElementHandle extends JSHandle<infer T> ? T : never;

/** Texts whose contrast with what is behind them is under 4.5 : 1, with the ratio. */
export async function tooFaint(page: Page): Promise<string[]> {
  // Of the document itself: a locator costs as much as opening the page (support/browser.ts).
  const all: JSHandle<Shown[]> = await page.evaluateHandle("[...document.querySelectorAll('body, body *')]");
  return all.evaluate(elements => {
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
