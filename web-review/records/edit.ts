import { z } from 'zod';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { showWhole } from '../history.ts';
import { html } from '../html.ts';
import { localPath } from '../session.ts';
import { type Answer, type Page, type PageRequest, readList, recordOf, textOf } from '../site.ts';
import { type Draft, refusedBecause } from './draft.ts';
import {
  defaultsOf,
  type FormCell,
  formField,
  formFieldsOf,
  isSame,
  readChange,
  readTyped,
  typedOf,
} from './form.ts';
import { kindOf, mayVerb, nameOf, nounOf, pathOf } from './kind.ts';
import { linesScript } from './lines-form.ts';
import { readOffers } from './offers.ts';
import type { ShownRow } from './value.ts';

const anyRow = z.record(z.string(), z.unknown());

/**
 * `/records/<plural>/new`: a form with a field for everything a caller may give. What its address says stands in it
 * already: `?company_id=CO-101`.
 */
export async function showNew(request: PageRequest, draft?: Draft): Promise<Page> {
  const record = kindOf(request);
  requireVerb(request, record, 'create');
  const given = formFieldsOf(record, 'create').flatMap(([name]) => {
    const text = textOf(request.http.query, name).slice(0, 300);
    return text === '' ? [] : [[name, text] as const];
  });
  return formPage(request, record, { verb: 'create', row: {}, given: Object.fromEntries(given), draft });
}

/** `/records/<plural>/<reference>/edit`: the same form with what is known. */
export async function showEdit(request: PageRequest, draft?: Draft): Promise<Page> {
  const record = kindOf(request);
  requireVerb(request, record, 'update');
  return formPage(request, record, { verb: 'update', row: await readRow(request, record), draft });
}

function requireVerb(request: PageRequest, record: RecordSpec, verb: 'create' | 'update'): void {
  if (mayVerb(request, record, verb)) return;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

async function readRow(request: PageRequest, record: RecordSpec): Promise<ShownRow> {
  const { rows } = await readList(request, record.plural, anyRow, {
    id: recordOf(request),
    references: true,
  });
  return rows[0] ?? {};
}

interface Form {
  verb: 'create' | 'update';
  row: ShownRow;
  /** What stands in the form besides. */
  given?: Record<string, string>;
  draft: Draft | undefined;
}

async function formPage(
  request: PageRequest,
  record: RecordSpec,
  { verb, row, given, draft }: Form,
): Promise<Page> {
  const fields = formFieldsOf(record, verb);
  const offers = await readOffers(request, { record, fields, row: verb === 'create' ? (given ?? {}) : row });
  const known: Record<string, string> =
    verb === 'create' ? { ...defaultsOf(fields), ...given } : typedOf(request, fields, row);
  const typed: Record<string, string> = draft?.typed ?? known;
  const asked = draft?.typed.back ?? textOf(request.http.query, 'back');
  const [title, action, usual] =
    verb === 'create'
      ? [`New ${nounOf(record)}`, `/records/${record.plural}/new`, `/records/${record.plural}`]
      : [`Edit ${nameOf(record, row)}`, `${pathOf(record, row)}/edit`, pathOf(record, row)];
  const back = localPath(asked) ?? usual;
  const cells = fields.map(
    ([name, field]): FormCell => ({
      name,
      field,
      offers,
      typed: typed[name] ?? '',
      texts: typed,
      isRequired: field.required === true,
      ...problemOf(name, draft),
      meanwhile:
        draft?.isOvertaken && !isSame(name, field, typed, known)
          ? (field.kind === 'list' ? showWhole(row[name]) : known[name]) || 'nothing'
          : undefined,
    }),
  );
  const isBeside = cells.some(({ problem }) => problem !== undefined);
  return {
    title,
    status: draft?.status ?? 200,
    scripts: ['redact.js', ...(fields.some(([, { kind }]) => kind === 'list') ? [linesScript] : [])],
    body: html`<h1><bdi>${title}</bdi></h1>
${draft && !isBeside && html`<p class="problem" role="alert">${draft.problem}</p>`}
<form method="post" action="${action}">${formFields(request)}<input type="hidden" name="seen" value="${typed.seen ?? String(row.version ?? '')}">${back !== usual && html`<input type="hidden" name="back" value="${back}">`}
<div class="fields">${cells.map(cell => formField(request, cell))}</div>
<p class="buttons"><button>Save</button> <a class="button quiet" href="${back}">Cancel</a></p></form>`,
  };
}

/** What is wrong with a field, and at which of its lines. */
function problemOf(name: string, draft: Draft | undefined): Pick<FormCell, 'problem' | 'problemAt'> {
  const [first, line, member] = draft?.field?.split('.') ?? [];
  if (draft === undefined || first !== name) return { problem: undefined };
  return {
    problem: draft.problem,
    ...(line === undefined ? {} : { problemAt: { line: Number(line), member } }),
  };
}

/** Adds a row and leads to its page; what is refused is said beside the field, with everything that was typed. */
export async function createFromForm(request: PageRequest): Promise<Answer> {
  const record = kindOf(request);
  const typed = typedTexts(request);
  const { currency } = request.identity.organization;
  try {
    const fields = formFieldsOf(record, 'create');
    // What stood there by itself is left to the action, which may know better.
    const usual = defaultsOf(fields);
    const given = fields.filter(
      ([name, field]) => !isSame(name, field, typed, usual) && (field.kind === 'list' || typed[name] !== ''),
    );
    const data = Object.fromEntries(
      given.map(([name, field]) => [name, readTyped(name, field, typed, { currency })]),
    );
    const outcome = await submit(request, `${record.name}.create`, data);
    return {
      redirect: localPath(typed.back ?? '') ?? pathOf(record, outcome.data),
      said: { done: `${nameOf(record, outcome.data)} is added.`, warnings: outcome.warnings },
    };
  } catch (error) {
    return showNew(request, draftOf(typed, error));
  }
}

/** Changes what was changed on the form. A row that somebody else changed meanwhile is shown again first. */
export async function changeFromForm(request: PageRequest): Promise<Answer> {
  const record = kindOf(request);
  const typed = typedTexts(request);
  const row = await readRow(request, record);
  try {
    requireSeen(typed, row);
    const data = changesOf(request, record, typed, row);
    const redirect = localPath(typed.back ?? '') ?? pathOf(record, row);
    if (data === undefined) return { redirect };
    const { warnings } = await submit(request, `${record.name}.update`, {
      [`${record.name}_id`]: String(row.id),
      ...data,
    });
    return { redirect, said: { done: 'Saved.', warnings } };
  } catch (error) {
    const isOvertaken = typed.seen !== String(row.version ?? '');
    return showEdit(request, {
      ...draftOf({ ...typed, seen: String(row.version ?? '') }, error),
      isOvertaken,
    });
  }
}

function requireSeen(typed: Record<string, string>, row: ShownRow): void {
  if (typed.seen === String(row.version ?? '')) return;
  throw new DeskhandError(
    'CONFLICT',
    'Somebody changed this while you were writing. Your words are kept below: look once more, and save again.',
  );
}

/** What differs from the row; undefined when nothing does. */
function changesOf(
  request: PageRequest,
  record: RecordSpec,
  typed: Record<string, string>,
  row: ShownRow,
): Record<string, unknown> | undefined {
  const fields = formFieldsOf(record, 'update');
  const known = typedOf(request, fields, row);
  const changed = fields.filter(([name, field]) => !isSame(name, field, typed, known));
  return changed.length === 0
    ? undefined
    : readChange(record, changed, typed, { currency: request.identity.organization.currency, ...row });
}

const draftOf = (typed: Record<string, string>, error: unknown): Draft => ({
  typed,
  ...refusedBecause(error),
});
