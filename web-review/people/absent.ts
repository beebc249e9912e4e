import { type WorkingHours, workingHours } from '../../core/members/working-hours.ts';
import { attempt, problemElse, type Refusal } from '../attempt.ts';
import { todayOf } from '../calendar/navigation.ts';
import { formFields, submit, tick } from '../forms.ts';
import { absenceForm, absenceList, readAbsences } from '../hours/absences.ts';
import { dayRow, days } from '../hours/hours.ts';
import { readSpans, spansWords, weekdayWords } from '../hours/spans.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type PageRequest } from '../site.ts';

interface Somebody {
  id: string;
  name: string;
  working_hours: WorkingHours | null;
}

/** When somebody who goes on visits is away, and when they work. */
export async function presenceSections(
  request: PageRequest,
  person: Somebody,
  refusal: Refusal | undefined,
): Promise<Markup> {
  const rows = await readAbsences(request, { member_id: person.id, from: todayOf(request).toString() });
  const isHours = refusal?.typed.mon_from_0 !== undefined;
  return html`<section aria-labelledby="away"><h2 id="away">Away</h2>
<p class="hint">Nothing is offered or booked for <bdi>${person.name}</bdi> then.</p>
${absenceList(request, rows, 'Not away on any day to come.')}
${mayDo(request, 'absence.create') && absenceForm(request, { member: person, refusal: isHours ? undefined : refusal })}</section>
<section aria-labelledby="hours"><h2 id="hours">Working hours</h2>
${mayDo(request, 'member.set_working_hours') ? hoursForm(request, person, isHours ? refusal : undefined) : hoursWords(person)}</section>`;
}

const hoursWords = ({ working_hours }: Somebody): Markup => {
  const own = days.filter(day => working_hours?.[day] !== undefined);
  return own.length === 0
    ? html`<p>As the business is open.</p>`
    : html`<dl class="facts">${own.map(day => html`<div><dt>${weekdayWords[day]}</dt><dd>${spansWords(working_hours?.[day] ?? [])}</dd></div>`)}</dl>`;
};

function hoursForm(request: PageRequest, person: Somebody, refusal: Refusal | undefined): Markup {
  const { business_hours } = request.identity.organization;
  const hasOwn = person.working_hours !== null || refusal !== undefined;
  return html`${hoursWords(person)}
<details${hasOwn && html` open`}><summary>Hours of their own</summary>
<form method="post" action="/people/${person.id}/hours" class="card">${formFields(request)}${problemElse(refusal, days)}
<p class="hint">A day that is as the business has it goes on following it. Left empty, they do not work on that day.</p>
${days.map(day => dayRow(day, person.working_hours?.[day] ?? business_hours[day], refusal))}
${person.working_hours !== null && tick(html`type="checkbox" name="as_business" value="yes"`, html`Every day as the business is open`, false)}
<button>Save hours</button></form></details>`;
}

/** Saves the days on which somebody works otherwise than the business is open. */
export function saveWorkingHours(
  request: PageRequest,
  person: Somebody,
  again: (refusal: Refusal) => Promise<Answer>,
): Promise<Answer> {
  return attempt(
    request,
    'member.set_working_hours',
    async typed => {
      const { warnings } = await submit(request, 'member.set_working_hours', {
        member_id: person.id,
        ...changesOf(request, typed),
      });
      return { redirect: `/people/${person.id}`, said: { done: 'Saved.', warnings } };
    },
    refusal => again({ ...refusal, field: dayIn(refusal) }),
  );
}

function changesOf(
  { identity }: PageRequest,
  typed: Readonly<Record<string, string>>,
): { days?: WorkingHours; as_business?: string[] } {
  if (typed.as_business === 'yes') return { as_business: [...days] };
  const { business_hours } = identity.organization;
  const given = days.flatMap(day => {
    const spans = readSpans(typed, day);
    return spans === undefined ? [] : [{ day, spans }];
  });
  const isUsual = ({ day, spans }: (typeof given)[number]) =>
    JSON.stringify(spans) === JSON.stringify(business_hours[day]);
  const own = given.filter(each => !isUsual(each)).map(({ day, spans }) => [day, spans] as const);
  const usual = given.filter(isUsual).map(({ day }) => day);
  return {
    ...(own.length > 0 ? { days: workingHours.parse(Object.fromEntries(own)) } : {}),
    ...(usual.length > 0 ? { as_business: usual } : {}),
  };
}

/** The action names a day as `days.sat`; the day that is wrong is the one whose times are not in order. */
function dayIn({ field, typed }: Refusal): string {
  const wrong = days.find(day => (readSpans(typed, day) ?? []).some(([from, to]) => from >= to));
  return field === 'days' ? (wrong ?? '') : field;
}
