import { describe, expect, test } from 'vitest';
import { type Figure, measure, precisionOf, recallOf, showFigures, showMisses } from './corpus/measure.ts';
import { freeNotes, measured } from './corpus/notes.ts';

// What an office gets without a language model: 120 notes of calls, mails, voicemails and texts. `npm run notes` prints
// the figures of both parts.

const least = { recall: 0.95, precision: 0.97 };
const tuned = freeNotes('tuned');
const heldBack = freeNotes('held-back');

const isEnough = (figure: Figure) =>
  recallOf(figure) >= least.recall && precisionOf(figure) >= least.precision;

describe('the rules alone, without a language model', () => {
  test.each([
    ['all 120 free notes', [...tuned, ...heldBack], 120],
    ['the forty that the rules were never fitted to', heldBack, 40],
  ] as const)('find name, phone, e-mail, street and service in %s', (title, notes, count) => {
    expect(notes).toHaveLength(count);
    const { figures, misses } = measure(notes);
    const short = measured.filter(member => !isEnough(figures[member]));
    const report = `\n${showFigures(title, figures)}\n\n${showMisses(misses.filter(({ member }) => short.includes(member)))}`;
    expect(short, report).toEqual([]);
  });

  test('are measured strictly: a note that is misread, missed or made up counts against them', () => {
    const note = { title: 'a call', text: 'Call 10:40. Winifred Quigley, 256-555-0177' };
    const said = (says: Record<string, string[]>) => measure([{ ...note, says }]).figures;
    expect(said({ name: ['Winifred Quigley'] }).name).toEqual({ said: 1, found: 1, right: 1 });
    expect(said({ name: ['Winnie Quigley'] }).name).toEqual({ said: 1, found: 1, right: 0 });
    expect(said({}).name).toEqual({ said: 0, found: 1, right: 0 });
    expect(said({ phone: ['256-555-0178'] }).phone).toEqual({ said: 1, found: 1, right: 0 });
    expect(said({ email: ['wquigley@mail.example'] }).email).toEqual({ said: 1, found: 0, right: 0 });
    const { figures, misses } = measure([
      { ...note, says: { name: ['Winnie Quigley'], phone: ['256-555-0177'] } },
    ]);
    expect(isEnough(figures.name)).toBe(false);
    expect(isEnough(figures.phone)).toBe(true);
    expect(showMisses(misses)).toBe(
      `a call: name is Winnie Quigley, found Winifred Quigley\n    ${note.text}`,
    );
  });
});
