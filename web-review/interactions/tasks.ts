import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Answer, type PageRequest, recordOf } from '../site.ts';
import { listFollowUps } from './follow-ups.ts';

/** What was typed of a task that could not be kept, and why. */
export interface TaskDraft {
  typed: Record<string, string>;
  problem: string;
  status: number;
}

/** A task in one line: what, when, and about whom or what if it is about anything. */
export function newTaskForm(request: PageRequest, draft?: TaskDraft): Markup {
  const value = (name: string) => asTyped(draft?.typed[name] ?? '');
  return html`<section aria-labelledby="new-task"><h2 id="new-task">New task</h2>
${draft && html`<p class="problem" role="alert">${draft.problem}</p>`}
<form method="post" action="/follow-ups/new">${formFields(request)}<div class="fields">
<div><label for="title">What is to be done (needed)</label>
<input id="title" name="title" required maxlength="200" autocomplete="off" data-redact value="${value('title')}"></div>
<div><label for="due_at">When (needed)</label>
<input id="due_at" name="due_at" type="datetime-local" required value="${value('due_at')}"></div>
<div><label for="about">About (may stay empty)</label>
<input id="about" name="about" maxlength="200" autocomplete="off" data-redact aria-describedby="about-hint" value="${value('about')}">
<p class="hint" id="about-hint">A name or a reference, such as T-2001.</p></div></div>
<p class="buttons"><button>Save</button></p></form></section>`;
}

/** Adds a task of whoever writes it down. */
export async function addTask(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  const { title = '', due_at = '', about = '' } = typed;
  try {
    const given = { title, due_at, ...(about === '' ? {} : { about }) };
    const { data, warnings } = await submit(request, 'task.create', given);
    return { redirect: '/follow-ups', said: { done: `${String(data.reference)} is noted.`, warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !mistakes.has(error.code)) throw error;
    return listFollowUps(request, { typed, problem: error.message, status: error.status });
  }
}

const mistakes = new Set(['VALIDATION_ERROR', 'NOT_FOUND', 'AMBIGUOUS']);

/** Ticks a task off; of a call it says what came of it. */
export async function finishTask(request: PageRequest): Promise<Answer> {
  const { outcome = '' } = typedTexts(request);
  const { data, warnings } = await submit(request, 'task.complete', {
    task_id: recordOf(request),
    ...(outcome === '' ? {} : { outcome }),
  });
  const done = `${String(data.reference)} is ${data.status === 'open' ? 'still to be done' : 'done'}.`;
  return { redirect: '/follow-ups', said: { done, warnings } };
}
