import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { redact } from '../../core/kernel/words/redaction.ts';
import { hostileText, kept, removed, vectors } from '../kernel/redaction-examples.ts';
import { fc } from '../support/properties.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { isAt, isKept, letWait, once, passFrom, usePhone } from './close-out-phone.ts';

const { line, pages, openPhone, openBare, today, open, effects } = usePhone();

const kilobyte = 1024;

/** What went over the wire since the line was last counted, to the last answer that is on its way. */
const counted = async () => {
  await line().rest();
  const passed = line().passed.splice(0);
  return { requests: passed.length, bytes: passed.reduce((sum, { bytes }) => sum + bytes, 0), passed };
};

describe('on one bar of signal', () => {
  test('all JavaScript of the close-out, the worker and the redaction included, is at most 8 KB', async () => {
    const sizeOf = async (path: string) => {
      const answer = await pages().send(path, { headers: { 'accept-encoding': 'gzip' } });
      expect(answer.headers.get('content-encoding')).toBe('gzip');
      return { bytes: Number(answer.headers.get('content-length')), text: await answer.text() };
    };
    const worker = await sizeOf('/service-worker.js');
    // It takes the calendar's fetching and the worker's; both fetch the one script.
    const [script = '', ...others] = new Set(worker.text.match(/\/static\/[\w.?=-]+/g));
    expect(others).toEqual([]);
    const { bytes, text } = await sizeOf(script);
    expect(text).not.toMatch(/\/static\/[\w.]+\?|import[ ("']/);
    expect(worker.bytes + bytes).toBeLessThanOrEqual(8 * kilobyte);
    expect(bytes).toBeGreaterThan(4 * kilobyte);
  });

  test('the first close-out takes at most 8 requests and 45 KB, from the first page to the calendar', async () => {
    const reference = await today();
    const { page } = await openBare();
    await open(page, reference);
    await isAt(page, 'work');
    const first = await counted();
    expect(first.requests).toBe(3);
    expect(first.bytes).toBeLessThanOrEqual(14 * kilobyte);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    const { passed } = await counted();
    // What the calendar loads besides is the calendar's: its picture, its search, and then the worker.
    const steps = passed.filter(({ method }) => method === 'POST');
    for (const { path, bytes } of steps) expect(bytes, path).toBeLessThanOrEqual(4 * kilobyte);
    expect(first.requests + steps.length).toBeLessThanOrEqual(8);
    const needed = first.bytes + steps.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(needed).toBeLessThanOrEqual(45 * kilobyte);
    expect(await effects(reference)).toEqual(once);
  });

  test('with the worker each step is one request and no more, and only the page is new', async () => {
    const reference = await today();
    const { page, context } = await openPhone();
    await letWait(context);
    // An open calendar asks every few seconds what is new, which is no step: its clock stands still.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await page.goto(line().url);
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    for (const kept of ['/', '/close-out/offline']) await isKept(page, kept);
    // What the calendar loads for itself ends with it.
    await page.goto('about:blank');
    await counted();
    await open(page, reference);
    await passFrom(page, 'work');
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    const { passed } = await counted();
    const isWorker = ({ path }: { path: string }) => path === '/service-worker.js';
    const own = passed.filter(one => !isWorker(one));
    expect(own.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual([
      `GET /close-out/${reference} 200`,
      ...['work', 'notes', 'next', 'review', 'payment'].map(
        step => `POST /close-out/${reference}/${step} 200`,
      ),
    ]);
    expect(own.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(11.5 * kilobyte);
    // Some time after a page was opened the browser asks whether the worker is still the same: once where somebody is quick,
    // where everything takes its time for each page, and once more where the calendar tells it of the worker.
    const asked = passed.filter(isWorker);
    expect(asked.length).toBeLessThanOrEqual(own.length + 2);
    for (const { status, bytes } of asked) {
      expect(status).toBe(304);
      expect(bytes).toBeLessThanOrEqual(kilobyte / 2);
    }
  });

  test('loading the answer of a step anew asks for that page and sends nothing twice', async () => {
    const reference = await today();
    const { page } = await openPhone();
    await open(page, `${reference}/work`);
    await passFrom(page, 'work', 'notes');
    await isAt(page, 'notes');
    expect(page.url()).toBe(`${line().url}/close-out/${reference}/notes`);
    await counted();
    await page.reload();
    await isAt(page, 'notes');
    await page.goBack();
    await isAt(page, 'work');
    await page.goForward();
    await isAt(page, 'notes');
    expect((await counted()).passed.filter(({ method }) => method !== 'GET')).toEqual([]);
  });
});

describe('the script of the page', () => {
  test('takes out of a field exactly what the server takes out', async () => {
    const reference = await today();
    const { page } = await openBare();
    await open(page, `${reference}/work`);
    await isAt(page, 'work');
    // Every decimal digit of Unicode, ten of each kind, as a card.
    const digits = Array.from({ length: 0x1fc00 }, (_, code) => code)
      .filter(
        code =>
          /\p{Nd}/u.test(String.fromCodePoint(code)) && /[^\p{Nd}]/u.test(String.fromCodePoint(code - 1)),
      )
      .map(zero =>
        [...'4242 4242 4242 4242']
          .map(d => (d === ' ' ? d : String.fromCodePoint(zero + Number(d))))
          .join(''),
      );
    const texts = [
      ...vectors.map(({ input }) => input),
      ...Object.values(removed).map(([input]) => input),
      ...Object.values(kept),
      ...digits,
      ...fc.sample(hostileText(), { numRuns: 300, seed: 7 }),
    ].map(text => text.replace(/\r\n?/g, '\n'));
    const cleaned = await page.evaluate(`(texts => texts.map(text => {
      const field = document.createElement('textarea');
      field.dataset.redact = '';
      field.value = text;
      document.querySelector('main').append(field);
      field.dispatchEvent(new Event('blur'));
      const { value } = field;
      field.remove();
      return value;
    }))(${JSON.stringify(texts)})`);
    expect(digits.length).toBeGreaterThan(60);
    expect(z.array(z.string()).parse(cleaned)).toEqual(texts.map(text => redact(text).text));
  });

  test('keeps the total current while somebody types, as the server counts it', async () => {
    const reference = await today();
    const { page } = await openBare();
    await open(page, reference);
    await page.getByRole('textbox', { name: 'Final price' }).fill('$1,562.50');
    const total = page.locator('#total');
    expect(await total.innerText()).toBe('$1,662.50');
    await page.getByLabel('How many', { exact: true }).first().fill('2.5');
    await page.getByLabel('Price each').fill('1.01');
    // 2.525 is rounded away from zero.
    expect(await total.innerText()).toBe('$1,565.03');
    await page.getByLabel('Done').first().uncheck();
    expect(await total.innerText()).toBe('$2.53');
  });

  test('counts in money that has no hundredths as well', async () => {
    await asTableOwner(pages(), `update organizations set currency = 'JPY'`);
    const reference = await today();
    const { page } = await openBare();
    await open(page, reference);
    const total = page.locator('#total');
    const told = await total.innerText();
    const price = page.getByRole('textbox', { name: 'Final price' });
    const asked = await price.inputValue();
    await price.fill('15000');
    expect(await total.innerText()).toBe('¥25,000');
    await price.fill(asked);
    expect(await total.innerText()).toBe(told);
  });
});
