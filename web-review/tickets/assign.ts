import { z } from 'zod';
import { invalid } from '../../core/kernel/words/errors.ts';
import { visitWords } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Draft, refusedBecause } from '../records/draft.ts';
import { type Answer, type Page, type PageRequest, readList } from '../site.ts';
import { saidOf } from '../undo.ts';
import { isOpen, type OpenedVisit, openVisitFor, visitHeading } from './heading.ts';

const memberRow = z.object({ id: z.string(), name: z.string() });

/** Everybody visits can be booked on, by name. */
export const readBookable = async (request: PageRequest): Promise<z.infer<typeof memberRow>[]> =>
  (
    await readList(request, 'members', memberRow, {
      params: { is_bookable: true },
      sort: 'name',
      limit: 100,
      fields: ['id', 'name'],
    })
  ).rows;

/** Who goes to a visit: one or several, each sent or taken off with one press. */
export async function showAssign(request: PageRequest, draft?: Draft): Promise<Page> {
  const [row, everybody] = await Promise.all([
    openVisitFor(request, 'ticket.assign_technician'),
    readBookable(request),
  ]);
  const { time_zone } = request.identity.organization;
  const others = everybody.filter(({ id }) => !row.technicians.some(goes => goes.id === id));
  return {
    title: 'Who goes',
    status: draft?.status ?? 200,
    body: html`${visitHeading(request, 'Who goes', row)}
${draft && html`<p class="problem" role="alert">${visitWords(draft.problem, time_zone)}</p>`}
${!isOpen(row) && html`<p class="problem">This visit is over: who went stays as it is.</p>`}
<section aria-labelledby="goes"><h2 id="goes">Goes</h2>
${row.technicians.length === 0 && html`<p class="empty">Nobody yet.</p>`}
<ul class="list">${row.technicians.map(({ id, name }) => html`<li><p id="m-${id}"><b><bdi>${name}</bdi></b></p>${isOpen(row) && button(request, row, { id, how: 'off', label: 'Take off' })}</li>\n`)}</ul></section>
${isOpen(row) && otherPeople(request, row, others)}
<p><a class="button plain quiet" href="/tickets/${row.reference}">Back to the visit</a></p>`,
  };
}

const otherPeople = (
  request: PageRequest,
  row: OpenedVisit,
  others: readonly z.infer<typeof memberRow>[],
): Markup => html`<section aria-labelledby="others"><h2 id="others">Could go</h2>
${others.length === 0 && html`<p class="empty">Nobody else takes visits.</p>`}
<ul class="list">${others.map(
  ({
    id,
    name,
  }) => html`<li><p id="m-${id}"><b><bdi>${name}</bdi></b></p><div class="buttons">${button(request, row, { id, how: 'add', label: row.technicians.length === 0 ? 'Send' : 'Send too' })}
${row.technicians.length > 0 && button(request, row, { id, how: 'alone', label: 'Send alone' })}</div></li>\n`,
)}</ul></section>`;

const button = (
  request: PageRequest,
  row: OpenedVisit,
  { id, how, label }: { id: string; how: string; label: string },
): Markup =>
  html`<form method="post" action="/tickets/${row.reference}/assign">${formFields(request)}<input type="hidden" name="technician" value="${id}"><button name="how" value="${how}" class="${how === 'add' ? '' : 'plain quiet'}" aria-describedby="m-${id}">${label}</button></form>`;

/** Sends somebody, alone or besides others, or takes somebody off. Who is busy then, with what, and when they are free is said. */
export async function assignFromForm(request: PageRequest): Promise<Answer> {
  const row = await openVisitFor(request, 'ticket.assign_technician');
  const typed = typedTexts(request);
  const who = { ticket_id: row.reference, technician_id: typed.technician ?? '' };
  try {
    if (who.technician_id === '') throw invalid('technician', 'Say who.');
    const name =
      (await readBookable(request)).find(({ id }) => id === who.technician_id)?.name ?? 'That person';
    const outcome =
      typed.how === 'off'
        ? await submit(request, 'ticket.unassign_technician', who)
        : await submit(request, 'ticket.assign_technician', {
            ...who,
            ...(typed.how === 'alone' ? { alone: true } : {}),
          });
    const done =
      typed.how === 'off' ? `${name} does not go.` : `${name} goes${typed.how === 'alone' ? ' alone' : ''}.`;
    return { redirect: `/tickets/${row.reference}/assign`, said: saidOf(outcome, done) };
  } catch (error) {
    return showAssign(request, { typed, ...refusedBecause(error) });
  }
}
