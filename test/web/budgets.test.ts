import { brotliCompressSync, gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { squareFile } from '../bench/square-file.ts';
import { usePages } from '../support/pages.ts';
import { crawl, tellMore } from './whole-site.ts';

// What a page costs on the wire, in a business with many customers and a full week: a phone with one bar loads it.

const pages = usePages({}, { host: 'localhost' });
const most = 8 * 1024;
const size = (text: string): number => gzipSync(text).length;

beforeAll(async () => {
  await tellMore(pages());
  const { done, bright } = pages();
  await done(bright.owner, 'import.square', { content: squareFile(1, 1200) });
  for (let number = 0; number < 30; number += 1) {
    const day = 19 + (number % 3);
    const hour = 8 + Math.floor(number / 3);
    await done(bright.owner, 'ticket.create', {
      contact_id: `C-${1020 + number}`,
      scheduled_at: `2026-11-${day}T${String(hour).padStart(2, '0')}:00`,
      duration_minutes: 45,
      technician_ids: [String(bright.people.Theo?.id)],
    });
  }
});

/** The files of a kind that some pages load, each with what it costs; files that these load are among them. */
async function filesOf(texts: readonly string[], pattern: RegExp): Promise<Map<string, number>> {
  const found = new Set(texts.flatMap(text => [...text.matchAll(pattern)].map(([, file = '']) => file)));
  const sizes = new Map<string, number>();
  for (const file of found) {
    const text = await (await pages().send(file)).text();
    sizes.set(file.replace(/\?.*/, ''), file.includes('.js') ? brotliCompressSync(text).length : size(text));
    for (const [, loaded = ''] of text.matchAll(/["'](\/static\/[\w-]+\.js\?v=\w+)["']/g)) found.add(loaded);
  }
  return sizes;
}

const sum = (sizes: ReadonlyMap<string, number>): number =>
  [...sizes.values()].reduce((total, one) => total + one, 0);

/** What is loaded where somebody fills in what only these pages ask for, or signs in: a passkey, a puzzle, lines of a bill. */
const elsewhere = /\/(passkey|puzzle|lines|redact|redaction)\.js$/;
/** The kit of a technician: an owner who closes a visit out has it too, and needs nothing else then. */
const closeOut = /\/(close-out|service-worker)\.js$/;
/** Fetched when somebody looks for something, and by nobody on the way to a customer. */
const askedFor = /\/command-bar\.js$/;

describe.each([
  ['the owner', 'olivia', 60],
  ['a technician', 'theo', 5],
])('what %s loads', (_, who, few) => {
  let seen: { path: string; text: string }[] = [];

  beforeAll(async () => {
    const session = await pages().signIn(`${who}@brightpanes.example`);
    seen = (await crawl(pages(), '/', session)).filter(({ text }) => text.includes('<html'));
    for (const path of [
      '/calendar?view=week',
      '/calendar?view=month',
      '/calendar?date=2026-11-19',
      '/?date=2026-11-19',
    ]) {
      seen.push({ path, text: await (await pages().send(path, { session })).text() });
    }
  });

  test('is at most 8 KB for each page', () => {
    expect(seen.length).toBeGreaterThan(few);
    const large = seen.filter(({ text }) => size(text) > most);
    expect(large.map(({ path, text }) => `${path}: ${size(text)}`)).toEqual([]);
  });

  test('is at most 8 KB of style for each page', async () => {
    const sheets = /<link rel="stylesheet" href="([^"]+)"/g;
    const known = new Map<string, Map<string, number>>();
    for (const { text } of seen) {
      const key = [...text.matchAll(sheets)].map(([, href]) => href).join(' ');
      if (!known.has(key)) known.set(key, await filesOf([text], sheets));
    }
    expect(known.size).toBeGreaterThan(0);
    for (const styles of known.values()) {
      expect(styles.size).toBeGreaterThan(0);
      expect(sum(styles), JSON.stringify([...styles])).toBeLessThanOrEqual(most);
    }
  });

  test('is at most 8 KB of script for all pages together', async () => {
    const scripts = await filesOf(
      seen.map(({ text }) => text),
      /<script type="module" src="([^"]+)"/g,
    );
    const other = who === 'theo' ? askedFor : closeOut;
    for (const file of scripts.keys()) if (elsewhere.test(file) || other.test(file)) scripts.delete(file);
    expect(scripts.size).toBeGreaterThan(0);
    expect(sum(scripts), JSON.stringify([...scripts])).toBeLessThanOrEqual(most);
  });
});
