import { budgets } from '../../kernel/words/budgets.ts';

/**
 * A text as rules read it: as much of it as anybody writes, without long gaps and without words nobody writes. Patterns
 * begin anew at every word; with words and gaps of a bounded length, what they try grows with the text and no faster.
 */
export const readable = (text: string): string =>
  text
    .slice(0, budgets.read_characters)
    .replace(/\s{2,}/g, gap => (gap.includes('\n') ? '\n' : ' '))
    .replace(longWords, word => word.match(pieces)?.join(' ') ?? '');

const longWords = new RegExp(`\\S{${budgets.word_characters + 1},}`, 'g');
const pieces = new RegExp(`.{1,${budgets.word_characters}}`, 'gsu');
