import { parseArgs } from 'node:util';
import { measure, showFigures, showMisses } from './measure.ts';
import { freeNotes } from './notes.ts';

/**
 * `npm run notes`: what the rules alone find in the free notes of `test/fixtures/free-notes`, and each note they misread.
 * `--hide held-back` leaves the misses of the notes that are held back unseen: for whoever works on the rules.
 */

const { values } = parseArgs({ options: { hide: { type: 'string', default: '' } } });

const parts = { tuned: freeNotes('tuned'), 'held-back': freeNotes('held-back') } as const;
for (const [part, notes] of Object.entries(parts)) {
  const { figures, misses } = measure(notes);
  console.log(showFigures(`${part}: ${notes.length} notes`, figures));
  console.log(part === values.hide ? '' : `\n${showMisses(misses)}\n`);
}
console.log(showFigures('together', measure([...parts.tuned, ...parts['held-back']]).figures));
