import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { calendarHref, dayIn } from '../calendar/navigation.ts';
import { phoneLink, showDuration, visitWords } from '../format.ts';
import { formFields, submit, tick, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type PageRequest, textOf } from '../site.ts';
import { saidOf } from '../undo.ts';
import { type Draft, type Moving, nobody, type Place, readMoving, whenOf, wishOf } from './moving.ts';
import { freeLinks, lookAhead, nextFree, type Outlook, refusalOf } from './outlook.ts';

/**
 * Moves a visit: to another time, to somebody else, or both (SCH-02, WEB-05). First where it shall go, then what that does:
 * from when and whom to when and whom, who is busy then, whether the customer is told. Works with links and forms alone;
 * dragging on the calendar opens the same panel.
 */
export async function showMove(request: PageRequest): Promise<Answer> {
  requireMover(request);
  const moving = await readMoving(request);
  const wish = wishOf(moving, request.http.query);
  return movePage(request, moving, wish);
}

/** Moves it; leads back to the calendar, where it can be taken back. What is refused is the page again, with why. */
export async function moveFromForm(request: PageRequest): Promise<Answer> {
  requireMover(request);
  const typed = typedTexts(request);
  const moving = await readMoving(request);
  const wish = wishOf(moving, typed);
  try {
    const outcome = await submit(request, 'ticket.move_visit', {
      ...inputOf(moving, wish.to),
      seen: {
        scheduled_at: typed.seen_at,
        crew: (typed.seen_who ?? '').split(',').filter(Boolean),
      },
      notify_customer: typed.notify === '1',
    });
    const done = `${moving.customer} (${moving.reference}) is now ${whenOf(request, wish.to)}, ${namesOf(moving, wish.to)}.`;
    return { redirect: backTo(typed.view, wish.to), said: saidOf(outcome, done) };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.status >= 500) throw error;
    return movePage(request, moving, { ...wish, isAsked: true }, await refusalOf(request, error));
  }
}

function requireMover(request: PageRequest): void {
  if (mayDo(request, 'ticket.move_visit')) return;
  // As for every page of the office: a refusal of another kind would have a phone forget what it keeps.
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address. Visits are moved by the office.', {
    hint: 'Call the office when the time does not suit.',
  });
}

const inputOf = ({ id }: Moving, { date, time, minutes, who }: Place) => ({
  ticket_id: id,
  scheduled_at: `${date}T${time}`,
  duration_minutes: minutes,
  technician_ids: [...who],
});

const backTo = (view: string | undefined, { date }: Place): string => {
  const day = dayIn(date);
  return day ? calendarHref(view === 'week' ? 'week' : 'day', day) : '/calendar';
};

const namesOf = ({ people }: Moving, { who }: Place): string =>
  people
    .filter(({ id }) => who.includes(id))
    .map(({ name }) => name)
    .join(', ') || nobody;

/** The page, or the panel alone when a script asks for it. */
async function movePage(
  request: PageRequest,
  moving: Moving,
  wish: Draft,
  refused?: Outlook,
): Promise<Answer> {
  const isPanel = textOf(request.http.query, 'panel') === '1';
  const outlook =
    refused ?? (wish.isAsked ? await lookAhead(request, moving, inputOf(moving, wish.to)) : undefined);
  const panel = outlook && movePanel(request, moving, { wish, outlook });
  if (isPanel && panel) return { fragment: panel };
  const title = `Move ${moving.customer}`;
  return {
    title,
    status: refused?.status ?? 200,
    styles: ['calendar.css'],
    body: html`<h1>Move <bdi>${moving.customer}</bdi> <small>Visit ${moving.reference}, ${showDuration(moving.from.minutes)}</small></h1>
${panel}
<section class="card"><h2>${panel ? 'Or to another time' : 'Where to?'}</h2>
${
  !panel &&
  html`<p>It is ${whenOf(request, moving.from)}, ${namesOf(moving, moving.from)}.</p>
${freeLinks(moving, wish, await nextFree(request, moving))}`
}
${chooseForm(moving, wish)}</section>`,
  };
}

/** From where to where, what stands against it, and the button. */
function movePanel(
  request: PageRequest,
  moving: Moving,
  { wish, outlook }: { wish: Draft; outlook: Outlook },
): Markup {
  const side = (place: Place) =>
    html`<b>${whenOf(request, place)}</b><br>${namesOf(moving, place)}${place.minutes !== moving.from.minutes && html`, ${showDuration(place.minutes)}`}`;
  return html`<section class="card move" aria-labelledby="moving"><h2 id="moving">Move <bdi>${moving.customer}</bdi>?</h2>
<div class="fromto"><p><small>From</small> ${side(moving.from)}</p><p><small>To</small> ${side(wish.to)}</p></div>
${outlook.problem !== undefined && html`<p class="problem" role="alert">${outlook.problem}</p>`}
${outlook.remarks.map(remark => html`<p class="warning">${visitWords(remark, request.identity.organization.time_zone)}</p>`)}
${freeLinks(moving, wish, outlook.free)}
${outlook.problem === undefined && moveButton(request, moving, wish)}</section>`;
}

function moveButton(request: PageRequest, moving: Moving, { to, view }: Draft): Markup {
  const hidden = {
    date: to.date,
    time: to.time,
    minutes: String(to.minutes),
    who: to.who.join(',') || 'none',
    seen_at: moving.scheduled_at,
    seen_who: moving.from.who.join(','),
    view,
  };
  return html`<form method="post" action="/tickets/${moving.reference}/move">${formFields(request)}${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${tellTick(request, moving)}
<div class="buttons"><button autofocus>Move</button> <a class="button plain" href="${backTo(view, moving.from)}" data-close>Keep it where it is</a></div></form>`;
}

function tellTick(request: PageRequest, { customer, email, phone }: Moving): Markup {
  if (email === null) {
    const { country } = request.identity.organization;
    return html`<p class="hint"><bdi>${customer}</bdi> has no e-mail address${phone === null ? ' and no phone number.' : html`: call ${phoneLink(phone, country)}.`}</p>`;
  }
  return tick(
    html`type="checkbox" name="notify" value="1"`,
    html`Tell <bdi>${customer}</bdi> by mail to <bdi>${email}</bdi>`,
    false,
  );
}

/** Where it shall go, to be looked at first: nothing moves by this form. */
function chooseForm({ reference, people }: Moving, { to, view }: Draft): Markup {
  return html`<form method="get" action="/tickets/${reference}/move"><input type="hidden" name="view" value="${view}"><input type="hidden" name="asked" value="1">
<div class="fields"><div><label for="date">Day</label><input id="date" name="date" type="date" required value="${to.date}"></div>
<div><label for="time">Time</label><input id="time" name="time" type="time" required value="${to.time}"></div>
<div><label for="minutes">Minutes</label><input id="minutes" name="minutes" type="number" inputmode="numeric" min="5" max="1440" step="5" required value="${to.minutes}"></div></div>
<fieldset><legend>Who goes</legend><div class="ticks">${people.map(({ id, name }) => tick(html`type="checkbox" name="who" value="${id}"`, html`<bdi>${name}</bdi>`, to.who.includes(id)))}</div></fieldset>
<button>See what changes</button></form>`;
}
