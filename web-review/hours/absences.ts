import { z } from 'zod';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { showClock, showShortDay } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field } from '../settings/fields.ts';
import { type Answer, mayDo, type PageRequest, readList } from '../site.ts';

const absenceRow = z.object({
  reference: z.string(),
  member_id: z.string().nullable(),
  kind: z.string(),
  starts_at: z.string(),
  ends_at: z.string(),
  reason: z.string().nullable(),
});

/** When somebody is away, or with no member the business is closed, as the pages show it. */
export type AbsenceRow = z.infer<typeof absenceRow>;

/** Absences by time: of some days, of one person or of the whole business, or whatever is to come. */
export async function readAbsences(
  request: PageRequest,
  { filter, ...params }: { filter?: string; member_id?: string; from?: string; to?: string },
): Promise<AbsenceRow[]> {
  const { rows } = await readList(request, 'absences', absenceRow, {
    params,
    fields: Object.keys(absenceRow.shape),
    sort: 'starts_at',
    limit: 100,
    ...(filter === undefined ? {} : { filter }),
  });
  return rows;
}

/** `Thanksgiving Day`, `vacation: skiing`; nothing where nobody said why. */
export function whyWords({ kind, reason }: Pick<AbsenceRow, 'kind' | 'reason'>): string {
  const known = ['away', 'closed', 'holiday'].includes(kind) ? undefined : kind;
  return [known, reason].filter(Boolean).join(': ') || (kind === 'holiday' ? 'holiday' : '');
}

/** `Tue, Nov 24`, `Tue, Nov 24 – Sat, Nov 28`, with the times where they are not whole days. */
export function spanWords(request: PageRequest, { starts_at, ends_at }: AbsenceRow): string {
  const { time_zone } = request.identity.organization;
  const day = (moment: string) => showShortDay(moment, time_zone);
  const isMidnight = (moment: string) => showClock(moment, time_zone) === '12:00 AM';
  if (isMidnight(starts_at) && isMidnight(ends_at)) {
    const last = new Date(Date.parse(ends_at) - 1).toISOString();
    return day(starts_at) === day(last) ? day(starts_at) : `${day(starts_at)} – ${day(last)}`;
  }
  const from = `${day(starts_at)}, ${showClock(starts_at, time_zone)}`;
  const until = showClock(ends_at, time_zone);
  return day(starts_at) === day(ends_at) ? `${from} – ${until}` : `${from} – ${day(ends_at)}, ${until}`;
}

/** Absences with a way to take each out again. */
export const absenceList = (request: PageRequest, rows: readonly AbsenceRow[], empty: string): Markup =>
  rows.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<ul class="list">${rows.map(
        row => html`<li><span class="main">${spanWords(request, row)}</span> <bdi>${whyWords(row)}</bdi>
${mayDo(request, 'absence.delete') && html`<form method="post" action="/absences/remove">${formFields(request)}<input type="hidden" name="absence" value="${row.reference}"><button class="plain quiet" aria-label="Take out ${spanWords(request, row)}">Take out</button></form>`}</li>\n`,
      )}</ul>`;

const awayKinds = [
  ['vacation', 'vacation'],
  ['sick', 'sick'],
  ['training', 'training'],
  ['away', 'something else'],
] as const;

/** Whole days, or hours of them, of one person or of all. What was typed stays. */
export function absenceForm(
  request: PageRequest,
  { member, refusal }: { member?: { id: string; name: string }; refusal?: Refusal | undefined },
): Markup {
  const typed = refusal?.typed ?? {};
  const input = (name: string, label: string, kind: 'date' | 'time') =>
    field(
      { name, label, hint: '', problem: problemAt(refusal, name) },
      attributes =>
        html`<input type="${kind}"${attributes} value="${typed[name] ?? ''}"${name === 'from' && html` required`}>`,
    );
  return html`<form method="post" action="/absences" class="card narrow">${formFields(request)}${problemElse(refusal, ['from', 'until'])}
${member && html`<input type="hidden" name="member" value="${member.id}">`}
${input('from', 'First day', 'date')}
${input('until', 'Last day', 'date')}
<details${(typed.from_time || typed.until_time) && html` open`}><summary>Only some hours</summary>
${input('from_time', 'From', 'time')}${input('until_time', 'Until', 'time')}</details>
${
  member &&
  field(
    { name: 'kind', label: 'Why', hint: '', problem: undefined },
    attributes =>
      html`<select${attributes}>${awayKinds.map(([value, label]) => html`<option value="${value}"${value === typed.kind && html` selected`}>${label}</option>`)}</select>`,
  )
}
${field(
  {
    name: 'reason',
    label: member ? 'In your words' : 'Why',
    hint: 'No customer reads this.',
    problem: undefined,
  },
  attributes => html`<input${attributes} maxlength="200" autocomplete="off" value="${typed.reason ?? ''}">`,
)}
<p class="hint">Visits that are booked then stay where they are; you are told which, and they wait to be placed.</p>
<button>${member ? 'Add' : 'Close these days'}</button></form>`;
}

/** Writes down when somebody is away or all are closed; `again` shows the page it was asked for on. */
export function addAbsence(
  request: PageRequest,
  again: (request: PageRequest, member: string, refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return attempt(
    request,
    'absence.create',
    async typed => {
      const { member = '', reason = '', kind = 'away', from = '' } = typed;
      const until = typed.until || from;
      const { warnings } = await submit(request, 'absence.create', {
        ...(member === '' ? { kind: 'closed' } : { member_id: member, kind }),
        starts_at: at(from, typed.from_time),
        ends_at: at(until, typed.until_time),
        ...(reason === '' ? {} : { reason }),
      });
      return { redirect: homeOf(member), said: { done: 'Written down.', warnings } };
    },
    refusal => again(request, refusal.typed.member ?? '', { ...refusal, field: fieldOf(refusal.field) }),
  );
}

const at = (day: string, time: string | undefined): string => (time ? `${day}T${time}` : day);

const homeOf = (member: string): string => (member === '' ? '/hours' : `/people/${member}`);

const fieldOf = (field: string): string =>
  field === 'starts_at' ? 'from' : field === 'ends_at' ? 'until' : field;

/** Takes an absence or a closed day out again. */
export function removeAbsence(
  request: PageRequest,
  again: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return attempt(
    request,
    'absence.delete',
    async ({ absence = '' }) => {
      const { data, warnings } = await submit(request, 'absence.delete', { absence_id: absence });
      const { member_id } = z.object({ member_id: z.string().nullable().optional() }).parse(data);
      return { redirect: homeOf(member_id ?? ''), said: { done: 'Taken out.', warnings } };
    },
    again,
  );
}

/** Closes the business on the public holidays of a year. */
export function addHolidays(
  request: PageRequest,
  again: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return attempt(
    request,
    'absence.add_holidays',
    async ({ year = '' }) => {
      const { data, warnings } = await submit(request, 'absence.add_holidays', { year: Number(year) });
      const { added } = z.object({ added: z.array(z.object({ name: z.string() })) }).parse(data);
      const names = added.map(({ name }) => name).join(', ');
      const done = added.length === 0 ? 'They were all there already.' : `Closed on: ${names}.`;
      return { redirect: '/hours', said: { done, warnings } };
    },
    again,
  );
}
