import { type BusinessHours, businessHours } from '../../core/kernel/pipeline/context.ts';
import { weekdays } from '../../core/kernel/words/time.ts';
import { attempt, problemElse, type Refusal } from '../attempt.ts';
import { todayOf } from '../calendar/navigation.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest } from '../site.ts';
import { absenceForm, absenceList, readAbsences } from './absences.ts';
import { clockWords, daySpans, readSpans, spansWords, weekdayWords } from './spans.ts';

type Day = keyof BusinessHours;
type Span = BusinessHours[Day][number];

/** The days of a week, Monday first. */
export const days: readonly Day[] = weekdays.map(day => businessHours.keyof().parse(day.toLowerCase()));

/** `/hours`: when visits can be booked, day by day; a second pair for what comes after a break. */
export async function showHours(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const { business_hours, time_zone } = request.identity.organization;
  const mayChange = mayDo(request, 'organization.update_settings');
  const closed = await readAbsences(request, { filter: 'closures', from: todayOf(request).toString() });
  return {
    title: 'Business hours',
    status: refusal?.status ?? 200,
    body: html`<h1>Business hours</h1>
<p class="hint">Free times are offered within these hours, in the time of ${time_zone}.</p>
${
  mayChange
    ? html`<form method="post" action="/hours" class="card">${formFields(request)}${problemElse(refusal?.typed.from === undefined ? refusal : undefined, days)}
<p class="hint">From and to; the second pair is for the afternoon of a day with a break. Left empty, the day is closed.</p>
${days.map(day => dayRow(day, business_hours[day], refusal))}
<button>Save</button></form>`
    : html`<dl class="facts">${days.map(day => html`<div><dt>${weekdayWords[day]}</dt><dd>${spansWords(business_hours[day])}</dd></div>\n`)}</dl>`
}
<section aria-labelledby="closed"><h2 id="closed">Closed days</h2>
<p class="hint">Nothing is offered or booked on them, and what comes again waits to be placed. One tap closes all holidays of a year.</p>
${absenceList(request, closed, 'None to come.')}
${holidayForm(request)}
${mayDo(request, 'absence.create') && absenceForm(request, { refusal: refusal?.typed.from === undefined ? undefined : refusal })}</section>`,
  };
}

/** One tap for the public holidays of this year and of the next. */
function holidayForm(request: PageRequest): Markup | false {
  if (request.identity.organization.country !== 'US' || !mayDo(request, 'absence.add_holidays')) return false;
  const { year } = todayOf(request);
  return html`<div class="buttons">${[year, year + 1].map(
    each =>
      html`<form method="post" action="/absences/holidays">${formFields(request)}<input type="hidden" name="year" value="${each}"><button class="plain quiet">US federal holidays ${each}</button></form> `,
  )}</div>`;
}

/** One day: its pairs, at least two, and what was wrong with them. What the page showed goes along. */
export function dayRow(day: Day, stored: readonly Span[], refusal: Refusal | undefined): Markup {
  const typed = refusal?.typed;
  const count = Math.max(2, stored.length);
  const problem = refusal?.field === day ? refusal.problem : undefined;
  const pairs = Array.from({ length: count }, (_, index) => {
    const value = (side: 'from' | 'to') =>
      typed?.[`${day}_${side}_${index}`] ?? clockWords(stored[index]?.[side === 'from' ? 0 : 1] ?? '');
    const control = (side: 'from' | 'to') =>
      html`<input type="time" name="${day}_${side}_${index}" value="${value(side)}" aria-label="${weekdayWords[day]}, ${index === 0 ? '' : 'again '}${side === 'from' ? 'from' : 'to'}"${problem !== undefined && html` aria-invalid="true" aria-describedby="${day}_problem"`}>`;
    return html`<span class="span">${control('from')} – ${control('to')}</span> `;
  });
  return html`<fieldset class="day-hours"><legend>${weekdayWords[day]}</legend><input type="hidden" name="was_${day}" value="${typed?.[`was_${day}`] ?? JSON.stringify(stored)}">
<div class="spans">${pairs}</div>
${problem !== undefined && html`<p class="problem" id="${day}_problem" role="alert">${problem}</p>`}</fieldset>\n`;
}

/** Saves the days that were changed on the page, and says how; what somebody else changed meanwhile stays. */
export function saveHours(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'organization.update_settings',
    async typed => {
      const changed = days.flatMap(day => {
        const spans = readSpans(typed, day);
        return spans === undefined || JSON.stringify(spans) === typed[`was_${day}`]
          ? []
          : [{ day, spans, was: daySpans(typed[`was_${day}`]) }];
      });
      if (changed.length === 0)
        return { redirect: '/hours', said: { done: 'Nothing was different.', warnings: [] } };
      const { warnings } = await submit(request, 'organization.update_settings', {
        business_hours: Object.fromEntries(changed.map(({ day, spans }) => [day, spans])),
      });
      const words = changed.map(
        ({ day, spans, was }) => `${weekdayWords[day]}: ${spansWords(was)} → ${spansWords(spans)}`,
      );
      return { redirect: '/hours', said: { done: `Saved. ${words.join('; ')}.`, warnings } };
    },
    refusal => showHours(request, { ...refusal, ...atItsDay(refusal) }),
  );
}

/** The action names a day as `business_hours.sat`, and says more than a form needs. */
function atItsDay({ field, problem, typed }: Refusal): Pick<Refusal, 'field' | 'problem'> {
  if (field !== 'business_hours') return { field, problem };
  const wrong = days.find(day => isWrong(readSpans(typed, day) ?? []));
  return wrong === undefined
    ? { field, problem }
    : {
        field: wrong,
        problem: 'Give a time from and a later time to, and the second pair after the first.',
      };
}

/** Whether some pair does not begin after the one before, or does not end after it begins. */
function isWrong(spans: readonly Span[]): boolean {
  let last = '';
  for (const [from, to] of spans) {
    if (from === '' || to === '' || from >= to || from < last) return true;
    last = to;
  }
  return false;
}
