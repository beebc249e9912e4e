import { invalid } from '../../core/kernel/words/errors.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { fieldNamed, heading, type Place, type Shown, stepForm } from './step.ts';
import type { Typed } from './typed.ts';

/** The second step (CLO-05). Having nothing to say is said, not left out (CLO-11). */
export function notesBody(place: Place, saved: string, shown: Shown): Markup {
  const text = shown.typed.notes ?? saved;
  return html`${heading('notes', shown)}
${stepForm(
  place,
  'notes',
  shown,
  html`<label for="notes">Notes about the customer and the place</label>
<p class="hint" id="notes-hint">What helps next time: dogs, gates, ladders, screens, what the customer said.</p>
<textarea ${fieldNamed('notes', shown, 'notes-hint')} rows="7" maxlength="20000" required data-redact dir="auto">\n${asTyped(text)}</textarea>
<button class="go">Go on</button>
<button class="go quiet" name="nothing" value="1" formnovalidate>Nothing to note</button>`,
)}`;
}

/** The notes as `closeout.set_notes` takes them. Throws VALIDATION_ERROR. */
export function readNotes({ notes = '', nothing = '' }: Typed): { notes: string } {
  if (notes === '' && nothing === '') {
    throw invalid('notes', 'Write what you noticed, or press “Nothing to note”.');
  }
  if (notes !== '' && nothing !== '') {
    throw invalid('notes', 'There is something in the notes. Go on with it, or empty the field.');
  }
  return { notes };
}
