import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { generalWish } from '../../core/audit/deed-words.ts';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { todayOf } from '../calendar/navigation.ts';
import { showClock, showDay } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { asTyped, type Content, html, type Markup } from '../html.ts';
import { foreign } from '../review/foreign.ts';
import { reviewPlaces } from '../review/places.ts';
import { toldMarkup, toldText } from '../review/told.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';

const doneRow = z.object({
  id: z.string(),
  happened_at: z.string(),
  actor_kind: z.string(),
  actor_name: z.string(),
  did: z.string(),
  reason: z.string().nullable(),
  undo: z.string().nullable(),
  why_no_undo: z.string().nullable(),
  undone_by: z.string().nullable(),
  allowed_by: z.string().nullable(),
});
type Done = z.infer<typeof doneRow>;

const actorRow = z.object({ name: z.string() });
const shownAtOnce = 30;

/** An undo that was refused: what stands in its way, and whether the rest of it can be taken back. */
interface Refused {
  problem: string;
  stays: readonly string[];
  of: string;
}

/**
 * What was done, a sentence a call, by day: by the assistants when nobody says otherwise, so that an owner reads what was done
 * while nobody looked, why, and takes back what should not have been (AUD-06).
 */
export async function listDone(request: PageRequest, refused?: Refused): Promise<Page> {
  const asked = askedOf(request);
  const cursor = textOf(request.http.query, 'cursor');
  const [{ rows, next_cursor }, actors] = await Promise.all([
    readList(request, 'done', doneRow, {
      params: paramsOf(asked),
      fields: Object.keys(doneRow.shape),
      limit: shownAtOnce,
      ...(cursor === '' ? {} : { cursor }),
    }),
    readActors(request),
  ]);
  const older =
    next_cursor && `/done?${new URLSearchParams({ ...onlySaid(asked), cursor: next_cursor }).toString()}`;
  return {
    title: 'What was done',
    status: refused ? 409 : 200,
    body: html`<h1>What was done</h1>
${reviewPlaces(request)}
${refused && refusedBox(request, refused)}
${filterForm(asked, actors)}
${rows.length === 0 && html`<p class="empty">Nothing was done${asked.day !== '' && ' on this day'}${older && ' in these weeks'}. ${asked.who === everybody ? html`<a href="/calendar">Calendar</a>` : html`<a href="/done?who=${everybody}">Look at what everybody did</a>`}</p>`}
${byDay(request, rows).map(([day, ofDay]) => html`<section><h2>${day}</h2><ul class="list card done">${ofDay.map(row => doneItem(request, row))}</ul></section>\n`)}
${older && html`<p><a class="button plain" rel="next" href="${older}">Earlier</a></p>`}`,
  };
}

interface Asked {
  /** '' for the assistants, `everybody`, or a name. */
  who: string;
  day: string;
  customer: string;
}

function askedOf({ http }: PageRequest): Asked {
  const [who, day, customer] = ['who', 'day', 'customer'].map(name =>
    (textOf(http.query, name) || textOf(http.body, name)).trim().slice(0, 200),
  );
  return {
    who: who ?? '',
    day: /^\d{4}-\d\d-\d\d$/.test(day ?? '') ? (day ?? '') : '',
    customer: looksLikeReference(customer ?? '') ? (customer ?? '') : '',
  };
}

const onlySaid = (asked: Asked): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).filter(([, text]) => text !== ''));

const everybody = 'everybody';

function paramsOf({ who, day, customer }: Asked): Record<string, string> {
  return {
    ...(who === '' ? { actor_kind: 'agent' } : who === everybody ? {} : { actor_name: who }),
    ...(day === '' ? {} : { from: day, to: day }),
    ...(customer === '' ? {} : { contact_id: customer }),
  };
}

/** The names of everybody who may have done something: assistants first. */
async function readActors(request: PageRequest): Promise<string[]> {
  const [agents, members] = await Promise.all(
    ['agents', 'members'].map(type =>
      readList(request, type, actorRow, { fields: ['name'], limit: 50, sort: 'name' }),
    ),
  );
  return [...new Set([...(agents?.rows ?? []), ...(members?.rows ?? [])].map(({ name }) => name))];
}

function filterForm({ who, day, customer }: Asked, actors: readonly string[]): Markup {
  const option = (value: string, words: Content) =>
    html`<option value="${value}"${value === who && html` selected`}>${words}</option>`;
  return html`<form method="get" action="/done" class="filter">
<div><label for="who">Who</label><select id="who" name="who">${option('', 'The assistants')}${option(everybody, 'Everybody')}${actors.map(name => option(name, name))}</select></div>
<div><label for="day">Day</label><input id="day" name="day" type="date" value="${asTyped(day)}"></div>
${customer !== '' && html`<input type="hidden" name="customer" value="${customer}">`}
<div class="buttons"><button class="plain">Show</button>${customer !== '' && html`<a class="button plain" href="/done">Not only ${customer}</a>`}</div></form>`;
}

/** The calls of each day, as the clock of the business has it. */
function byDay(request: PageRequest, rows: readonly Done[]): [string, Done[]][] {
  const { time_zone } = request.identity.organization;
  const today = todayOf(request);
  const days = new Map<string, Done[]>();
  for (const row of rows) {
    const date = Temporal.Instant.from(row.happened_at).toZonedDateTimeISO(time_zone).toPlainDate();
    const ago = date.until(today).days;
    const name = ago === 0 ? 'Today' : ago === 1 ? 'Yesterday' : showDay(row.happened_at, time_zone);
    days.set(name, [...(days.get(name) ?? []), row]);
  }
  return [...days];
}

function doneItem(request: PageRequest, row: Done): Markup {
  const { registry } = request.site.app;
  const { id, happened_at, actor_name, did, reason, undone_by, allowed_by, why_no_undo } = row;
  const remarks = [
    showClock(happened_at, request.identity.organization.time_zone),
    ...(allowed_by === null ? [] : [html`allowed by ${foreign(allowed_by, 80)}`]),
    ...(undone_by === null ? [] : [html`<b>undone by ${foreign(undone_by, 80)}</b>`]),
    ...(why_no_undo === null ? [] : [html`cannot be undone: ${inWords(registry, why_no_undo)}`]),
  ];
  return html`<li id="d-${id}"><div><p><b>${foreign(actor_name, 80)}</b> ${undone_by === null ? toldMarkup(registry, did) : html`<del>${toldMarkup(registry, did)}</del>`}</p>
${reason !== null && html`<p class="why" dir="auto">because “${foreign(reason, 400)}”</p>`}
<p class="when">${remarks.map((remark, index) => html`${index > 0 && ' · '}${remark}`)}</p></div>
${undoForm(request, row)}</li>\n`;
}

/** Reasons name what is to be done instead as agents call it. */
const inWords = (registry: Registry, reason: string): string =>
  reason.replace(/\b[a-z_]+\.[a-z_]+\b/g, id =>
    registry.actions.has(id) ? `“${generalWish(registry, id)}”` : id,
  );

function undoForm(request: PageRequest, { undo, did }: Done): Content {
  if (undo === null || !mayDo(request, 'audit.undo')) return '';
  return html`<form method="post" action="/done/undo">${carried(request)}<input type="hidden" name="of" value="${undo}"><button class="plain" aria-label="Undo: ${toldText(did).slice(0, 120)}">Undo</button></form>`;
}

/** What a form of this page brings along, so that the same part of the list is shown again. */
const carried = (request: PageRequest): Markup =>
  html`${formFields(request)}${Object.entries(onlySaid(askedOf(request))).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;

const undone = z.object({
  undone: z.string(),
  took_back: z.array(z.string()),
  not_sent: z.array(z.string()).optional(),
  stays: z.array(z.string()).optional(),
});

/** Takes one call back, all of it or nothing; what stands in the way is said, and the rest of it offered (N6). */
export async function undoDone(request: PageRequest): Promise<Answer> {
  const of = textOf(request.http.body, 'of').slice(0, 60);
  const partly = textOf(request.http.body, 'partly') !== '';
  try {
    const { data, warnings } = await submit(request, 'audit.undo', {
      of,
      ...(partly ? { as_far_as_possible: true } : {}),
    });
    const { took_back, not_sent = [], stays = [] } = undone.parse(data);
    const done = [...took_back, ...not_sent.map(what => `not sent any more: ${what}`)].join('; ');
    return {
      redirect: `/done?${new URLSearchParams(onlySaid(askedOf(request))).toString()}`,
      said: {
        done: `Undone: ${toldText(done)}.`,
        warnings: [...warnings, ...stays.map(what => `Stays: ${what}`)].map(toldText),
      },
    };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    const stays = z.array(z.string()).catch([]).parse(error.details.stays);
    return listDone(request, { problem: error.message, stays, of });
  }
}

/** What this page can say better than a page about an error. */
const sayable: readonly string[] = ['CONFLICT', 'INVALID_STATE', 'NOT_FOUND', 'VALIDATION_ERROR'];

function refusedBox(request: PageRequest, { problem, stays, of }: Refused): Markup {
  return html`<div class="said problem" role="alert"><p>${capital(toldText(problem))}</p>
${stays.length > 0 && html`<ul>${stays.map(what => html`<li>${foreign(toldText(what), 300)}</li>`)}</ul><form method="post" action="/done/undo">${carried(request)}<input type="hidden" name="of" value="${of}"><input type="hidden" name="partly" value="1"><button class="plain">Undo the rest of it</button></form>`}</div>`;
}
