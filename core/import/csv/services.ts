import type { Context } from '../../kernel/pipeline/context.ts';
import { fold } from '../../kernel/words/fold.ts';
import { allServices } from '../../services/of-name.ts';
import type { Service } from '../../services/service.ts';
import { wordsOf } from './cells.ts';
import type { Sheet } from './sheet.ts';

/** What a row says was done: a service of the catalog, one to be made, or words alone. */
export interface Done {
  text: string;
  service: Service | 'make' | undefined;
}

const most_asked = 40;

/**
 * Which service each text of the file is. What is called as in the catalog is that; the rest is asked once, and kept for the
 * next file. Adds its question to the sheet.
 */
export async function readServices(context: Context, sheet: Sheet): Promise<(text: string) => Done[]> {
  const services = await allServices(context);
  const byName = new Map(services.map(service => [plain(service.name), service]));
  const { services: answer } = sheet.answers;
  const said = new Map(
    typeof answer === 'object' ? Object.entries(answer).map(([text, to]) => [plain(text), to]) : [],
  );
  const known = (text: string): Done | undefined => {
    const service = byName.get(plain(text)) ?? byName.get(plain(withoutCount(text)));
    if (service) return { text, service };
    const to = said.get(plain(text)) ?? (typeof answer === 'string' ? answer : undefined);
    if (to === undefined) return undefined;
    if (to === 'make' || to === 'text') return { text, service: to === 'make' ? 'make' : undefined };
    const chosen = services.find(one => one.reference === to || one.id === to) ?? byName.get(plain(to));
    return chosen ? { text, service: chosen } : undefined;
  };
  const read = (text: string): Done[] => {
    const whole = text.trim();
    if (whole === '') return [];
    const one = known(whole);
    if (one && (one.service === undefined || one.service !== 'make' || !/[,;|\n+]/.test(whole))) {
      if (byName.has(plain(whole)) || said.has(plain(whole)) || !/[,;|\n+]/.test(whole)) return [one];
    }
    const parts = whole.split(/\s*(?:[,;|\n]|\s\+\s)\s*/).filter(part => part !== '');
    return parts.map(part => known(part) ?? { text: part, service: undefined });
  };
  const open = new Map<string, string>();
  for (const row of sheet.rows) {
    for (const { text, service } of read(wordsOf(sheet, row, 'services'))) {
      if (service === undefined && known(text) === undefined) open.set(plain(text), text);
    }
  }
  if (open.size > 0) {
    const names = [...open.values()];
    sheet.questions.push({
      answer: 'services',
      asks: `Which services are these? ${names.length} ${names.length === 1 ? 'text is' : 'texts are'} not in the catalog. make adds all of them, text keeps the words, or {"words of the file": "service of ours"}.`,
      examples: names.slice(0, most_asked),
      options: ['make', 'text', ...services.slice(0, 20).map(({ name }) => name)],
    });
  }
  return read;
}

const plain = (text: string) =>
  fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** `Screens x 12`, `12 x Screens`: how many of it stays in the words. */
const withoutCount = (text: string) => text.replace(/^\s*\d+\s*x\s+|\s+x\s*\d+\s*$/i, '');
