import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { prose, timeTag, words } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Answer, mayDo, mayRead, type PageRequest, readList, recordOf } from '../site.ts';

const noteRow = z.object({
  reference: z.string(),
  content: z.string(),
  source: z.string(),
  created_at: z.string(),
});

/** The notes of a visit, newest first. */
export interface VisitNotes {
  /** Undefined for technicians, who write notes and read none. */
  rows?: z.infer<typeof noteRow>[];
  hasMore: boolean;
}

/** A note that was refused, and why. */
export interface NoteDraft {
  text: string;
  problem: string;
}

/** Undefined for whoever neither reads nor writes notes. */
export async function readNotes(request: PageRequest, ticket_id: string): Promise<VisitNotes | undefined> {
  if (!mayRead(request, 'notes')) return mayDo(request, 'note.create') ? { hasMore: false } : undefined;
  const { rows, next_cursor } = await readList(request, 'notes', noteRow, {
    params: { ticket_id },
    sort: '-created_at',
    limit: 20,
    fields: Object.keys(noteRow.shape),
  });
  return { rows, hasMore: next_cursor !== undefined };
}

/** A note may be written about a visit whatever its state (GAP-02): of a closed one it is all that still can be. */
export function notesSection(
  request: PageRequest,
  reference: string,
  notes: VisitNotes,
  draft: NoteDraft | undefined,
): Markup {
  return html`<section aria-labelledby="notes"><h2 id="notes">Notes</h2>
<form method="post" action="/tickets/${reference}/notes" class="card">${formFields(request)}
<label for="content">New note</label>
<textarea id="content" name="content" rows="3" required maxlength="20000" dir="auto" data-redact aria-describedby="${draft && 'problem '}keep"${draft && html` aria-invalid="true" autofocus`}>
${draft && asTyped(draft.text)}</textarea>
${draft && html`<p class="problem" id="problem">${draft.problem}</p>`}
<p class="hint" id="keep">Kept with the customer, too, without card and social security numbers.</p>
<button>Save note</button></form>
${notes.rows && noteList(request, notes.rows, notes.hasMore)}</section>`;
}

function noteList(request: PageRequest, rows: readonly z.infer<typeof noteRow>[], hasMore: boolean): Markup {
  if (rows.length === 0) return html`<p class="empty">No notes yet.</p>`;
  return html`<ul class="plain rows">${rows.map(
    note => html`<li>${prose(note.content)}
<p class="when">${timeTag(note.created_at, request.identity.organization.time_zone)} · <code>${note.reference}</code>${note.source !== 'manual' && html` · ${words(note.source)}`}</p></li>\n`,
  )}</ul>
${hasMore && html`<p class="hint">The ${rows.length} latest notes; there are older ones.</p>`}`;
}

/** Writes a note about a visit. What is refused goes to `again`, with what was written. */
export async function addVisitNote(
  request: PageRequest,
  again: (draft: NoteDraft) => Promise<Answer>,
): Promise<Answer> {
  const ticket_id = recordOf(request);
  const { content = '' } = typedTexts(request);
  if (content === '') return again({ text: content, problem: 'Write something first.' });
  try {
    const { warnings } = await submit(request, 'note.create', { ticket_id, content });
    return { redirect: `/tickets/${ticket_id}`, said: { done: 'The note is saved.', warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'VALIDATION_ERROR') throw error;
    return again({ text: content, problem: error.message });
  }
}
