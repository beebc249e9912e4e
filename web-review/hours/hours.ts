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
export async function showHours(visit: PageRequest, refusal?: Refusal): Promise<Page> {
  const { business_hours, time_zone } = visit.identity.organization;
  const mayChange = mayDo(visit, 'organization.update_settings');
  const closed = await readAbsences(visit, { filter: 'closures', from: todayOf(visit).toString() });
  return {
    title: 'Business hours',
    status: refusal?.status ?? 200,
    body: html`<h1>Business hours</h1>
<p class="hint">Free times are offered within these hours, in the time of ${time_zone}.</p>
${
  mayChange
    ? html`<form method="post" action="/hours" class="card">${formFields(visit)}${problemElse(refusal?.typed.from === undefined ? refusal : undefined, days)}
<p class="hint">From and to; the second pair is for the afternoon of a day with a break. Left empty, the day is closed.</p>
${days.map(day => dayRow(day, business_hours[day], refusal))}
<button>Save</button></form>`
    : html`<dl class="facts">${days.map(day => html`<div><dt>${weekdayWords[day]}</dt><dd>${spansWords(business_hours[day])}</dd></div>\n`)}</dl>`
}
<section aria-labelledby="closed"><h2 id="closed">Closed days</h2>
<p class="hint">Nothing is offered or booked on them, and what comes again waits to be placed. One tap closes all holidays of a year.</p>
${absenceList(visit, closed, 'None to come.')}
${holidayForm(visit)}
${mayDo(visit, 'absence.create') && absenceForm(visit, { refusal: refusal?.typed.from === undefined ? undefined : refusal })}</section>`,
  };
}

/** One tap for the public holidays of this year and of the next. */
function holidayForm(visit: PageRequest): Markup | false {
  if (visit.identity.organization.country !== 'US' || !mayDo(visit, 'absence.add_holidays')) return false;
  const { year } = todayOf(visit);
  return html`<div class="buttons">${[year, year + 1].map(
    each =>
      html`<form method="post" action="/absences/holidays">${formFields(visit)}<input type="hidden" name="year" value="${each}"><button class="plain quiet">US federal holidays ${each}</button></form> `,
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
export function saveHours(visit: PageRequest): Promise<Answer> {
  return attempt(
    visit,
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
      const { warnings } = await submit(visit, 'organization.update_settings', {
        business_hours: Object.fromEntries(changed.map(({ day, spans }) => [day, spans])),
      });
      const words = changed.map(
        ({ day, spans, was }) => `${weekdayWords[day]}: ${spansWords(was)} → ${spansWords(spans)}`,
      );
      return { redirect: '/hours', said: { done: `Saved. ${words.join('; ')}.`, warnings } };
    },
    refusal => showHours(visit, { ...refusal, ...atItsDay(refusal) }),
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
