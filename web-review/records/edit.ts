import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html } from '../html.ts';
import { type Answer, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { formField, formFieldsOf, readTyped, typedOf } from './form.ts';
import { kindOf, mayVerb, pathOf } from './kind.ts';
import type { ShownRow } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/** What somebody typed that could not be saved, and why. */
interface Draft {
  typed: Record<string, string>;
  /** The field it is about; undefined when it is about all of it. */
  field: string | undefined;
  problem: string;
  status: number;
}

/** `/records/<plural>/new`: a form with a field for everything a caller may give. */
export async function showNew(visit: PageRequest, draft?: Draft): Promise<Page> {
  const record = kindOf(visit);
  requireVerb(visit, record, 'create');
  return formPage(visit, record, { verb: 'create', row: {}, draft });
}

/** `/records/<plural>/<reference>/edit`: the same form with what is known. */
export async function showEdit(visit: PageRequest, draft?: Draft): Promise<Page> {
  const record = kindOf(visit);
  requireVerb(visit, record, 'update');
  return formPage(visit, record, { verb: 'update', row: await readRow(visit, record), draft });
}

function requireVerb(visit: PageRequest, record: RecordSpec, verb: 'create' | 'update'): void {
  if (mayVerb(visit, record, verb)) return;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

async function readRow(visit: PageRequest, record: RecordSpec): Promise<ShownRow> {
  const { rows } = await readList(visit, record.plural, anyRow, { id: recordOf(visit), references: true });
  return rows[0] ?? {};
}

function formPage(
  visit: PageRequest,
  record: RecordSpec,
  { verb, row, draft }: { verb: 'create' | 'update'; row: ShownRow; draft: Draft | undefined },
): Page {
  const fields = formFieldsOf(record, verb);
  const typed = draft?.typed ?? typedOf(visit, fields, row);
  const title = verb === 'create' ? `New ${record.noun}` : `Edit ${record.label({ ...row })}`;
  const isKnown = fields.some(([name]) => name === draft?.field);
  const problemAt = (name: string) => (draft?.field === name ? draft.problem : undefined);
  const action = verb === 'create' ? `/records/${record.plural}/new` : `${pathOf(record, row)}/edit`;
  return {
    title,
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1><bdi>${title}</bdi></h1>
${draft && !isKnown && html`<p class="problem" role="alert">${draft.problem}</p>`}
<form method="post" action="${action}">${formFields(visit)}<input type="hidden" name="seen" value="${typed.seen ?? String(row.version ?? '')}">
<div class="fields">${fields.map(([name, field]) => formField({ name, field, typed: typed[name] ?? '', problem: problemAt(name), isRequired: verb === 'create' && field.required === true }))}</div>
<button>Save</button></form>`,
  };
}

/** Adds a row and leads to its page; what is refused is said beside the field, with everything that was typed. */
export async function createFromForm(visit: PageRequest): Promise<Answer> {
  const record = kindOf(visit);
  const typed = typedTexts(visit);
  try {
    const given = formFieldsOf(record, 'create').filter(([name]) => (typed[name] ?? '') !== '');
    const data = Object.fromEntries(
      given.map(([name, field]) => [name, readTyped(name, field, typed[name] ?? '', {})]),
    );
    const outcome = await submit(visit, `${record.name}.create`, data);
    return {
      redirect: pathOf(record, outcome.data),
      said: { done: `${record.label(outcome.data)} is added.`, warnings: outcome.warnings },
    };
  } catch (error) {
    return showNew(visit, draftOf(typed, error));
  }
}

/** Changes what was changed on the form. A row that somebody else changed meanwhile is shown again first. */
export async function changeFromForm(visit: PageRequest): Promise<Answer> {
  const record = kindOf(visit);
  const typed = typedTexts(visit);
  const row = await readRow(visit, record);
  try {
    requireSeen(typed, row);
    const data = changesOf(visit, record, typed, row);
    if (data === undefined) return { redirect: pathOf(record, row) };
    const { warnings } = await submit(visit, `${record.name}.update`, {
      [`${record.name}_id`]: String(row.id),
      ...data,
    });
    return { redirect: pathOf(record, row), said: { done: 'Saved.', warnings } };
  } catch (error) {
    return showEdit(visit, draftOf({ ...typed, seen: String(row.version ?? '') }, error));
  }
}

function requireSeen(typed: Record<string, string>, row: ShownRow): void {
  if (typed.seen === String(row.version ?? '')) return;
  throw new DeskhandError(
    'CONFLICT',
    'Somebody changed this while you were writing. Your words are kept below: look once more, and save again.',
  );
}

/** The members that differ from the row, and those that were emptied; undefined when nothing does. */
function changesOf(
  visit: PageRequest,
  record: RecordSpec,
  typed: Record<string, string>,
  row: ShownRow,
): Record<string, unknown> | undefined {
  const fields = formFieldsOf(record, 'update');
  const known = typedOf(visit, fields, row);
  const changed = fields.filter(([name]) => name in typed && typed[name] !== known[name]);
  const isGone = ([name]: readonly [string, unknown]) =>
    typed[name] === '' && record.clearable.includes(name);
  const clear = changed.filter(isGone).map(([name]) => name);
  const given = changed.filter(one => !isGone(one));
  if (changed.length === 0) return undefined;
  return {
    ...Object.fromEntries(
      given.map(([name, field]) => [name, readTyped(name, field, typed[name] ?? '', row)]),
    ),
    ...(clear.length > 0 ? { clear } : {}),
  };
}

/** Deletes a row and leads to the list; what stands in the way is said on its page. */
export async function deleteFromForm(visit: PageRequest): Promise<Answer> {
  const record = kindOf(visit);
  const row = await readRow(visit, record);
  const { warnings } = await submit(visit, `${record.name}.delete`, {
    [`${record.name}_id`]: String(row.id),
  });
  return {
    redirect: `/records/${record.plural}`,
    said: { done: `${record.label({ ...row })} is deleted.`, warnings },
  };
}

const sayable: readonly string[] = [
  'AMBIGUOUS',
  'CONFLICT',
  'INVALID_STATE',
  'VALIDATION_ERROR',
  'NOT_FOUND',
];

function draftOf(typed: Record<string, string>, error: unknown): Draft {
  if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
  const { message, status, details } = error;
  return {
    typed,
    field: details.field?.split('.')[0],
    problem: [message, details.hint].filter(Boolean).join(' '),
    status,
  };
}
