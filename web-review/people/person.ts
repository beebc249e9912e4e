import { z } from 'zod';
import { isUuid } from '../../core/kernel/database/ids.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatPhone } from '../../core/kernel/words/phone.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { calendarsOf } from '../calendar/subscribe.ts';
import { factList, mailLink, phoneLink, timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { type Content, html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, readMaybe } from '../site.ts';
import { presenceSections, saveWorkingHours } from './absent.ts';
import { bookableField, listPeople, type Person, personFields, personRow, roleField } from './people.ts';
import { roleLabel } from './roles.ts';

/** Somebody who works here, by the address. Throws NOT_FOUND for anybody else. */
async function readPerson(request: PageRequest, id = String(request.http.params.id)): Promise<Person> {
  const person = isUuid(id)
    ? await readMaybe(request, { type: 'members', row: personRow, id, query: { fields: personFields } })
    : undefined;
  if (person) return person;
  throw new DeskhandError('NOT_FOUND', 'Nobody who works here has this page.');
}

const fields = ['name', 'phone', 'role'];

/** `/people/<id>`: one person: what they may do, signing in, and the end of it. */
export async function showPerson(request: PageRequest, refusal?: Refusal, whose?: string): Promise<Page> {
  const person = await readPerson(request, whose);
  const { id, name, email, phone, role, is_bookable } = person;
  const { country } = request.identity.organization;
  const isMe = request.identity.actor.id === id;
  const mayChange = mayDo(request, 'member.update');
  const [signedIn, visits, calendars, presence] = await Promise.all([
    readSessions(request, id),
    mayChange && readVisits(request, id),
    calendarsOf(request, id),
    is_bookable && presenceSections(request, person, refusal),
  ]);
  return {
    title: name,
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/people">People</a></p>
<h1><bdi>${name}</bdi></h1>
${problemElse(isOfPresence(refusal) ? undefined : refusal, fields)}
${factList([
  ['May do', roleLabel(role)],
  ['Goes on visits', is_bookable ? 'yes' : 'no'],
  ['E-mail', mailLink(email)],
  ['Phone', phone !== null && phoneLink(phone, country)],
  ['Signed in', signedIn],
])}
${isMe && html`<p class="links"><a href="/passkeys">Your passkeys</a> <a href="/sessions">Where you are signed in</a></p>`}
${presence}
${mayChange && changeForm(request, person, refusal)}
${mayChange && linkForm(request, person)}
${calendars}
${visits && !isMe && endForm(request, person, visits)}`,
  };
}

/** Whether a form about hours and absences was refused: those say so themselves. */
const isOfPresence = (refusal: Refusal | undefined): boolean =>
  refusal?.typed.from !== undefined || refusal?.typed.mon_from_0 !== undefined;

/** Saves when somebody works. */
export const saveHoursOf = async (request: PageRequest): Promise<Answer> =>
  saveWorkingHours(request, await readPerson(request), refusal => showPerson(request, refusal));

function changeForm(request: PageRequest, person: Person, refusal: Refusal | undefined): Markup {
  const { country } = request.identity.organization;
  const typed = (name: string, known: string) => refusal?.typed[name] ?? known;
  const phone = person.phone === null ? '' : formatPhone(person.phone, country);
  return html`<section aria-labelledby="change"><h2 id="change">Change</h2>
<form method="post" action="/people/${person.id}" class="card narrow">${formFields(request)}
${field({ name: 'name', label: 'Name', hint: '', problem: problemAt(refusal, 'name') }, textControl(typed('name', person.name), html` required`))}
${field({ name: 'phone', label: 'Phone', hint: '', problem: problemAt(refusal, 'phone') }, textControl(typed('phone', phone), html` inputmode="tel"`))}
${roleField(request, typed('role', person.role), problemAt(refusal, 'role'))}
${bookableField(typed('is_bookable', person.is_bookable ? 'yes' : 'no'), false)}
<p class="hint">The sign-in address stays. Who gets another one is added again under it, and this one ended.</p>
<button>Save</button></form></section>`;
}

const linkForm = (request: PageRequest, { id, name, email }: Person): Markup =>
  html`<section aria-labelledby="link"><h2 id="link">Signing in</h2>
<form method="post" action="/people/${id}/link" class="card narrow">${formFields(request)}
<p>Mails <bdi>${name}</bdi> a link to <bdi>${email}</bdi>. It signs in once, within ten minutes; after that they ask for a new one on the sign-in page.</p>
<button class="plain quiet">Send a sign-in link</button></form></section>`;

const visitRow = z.object({ reference: z.string(), scheduled_at: z.string() });

/** Visits of somebody that are still to be done, the next ones first; at most a hundred. */
async function readVisits(request: PageRequest, technician_id: string) {
  const params = { technician_id, status: 'scheduled' };
  const query = { fields: Object.keys(visitRow.shape), sort: 'scheduled_at', limit: 100 };
  return readList(request, 'tickets', visitRow, { ...query, params });
}

function endForm(
  request: PageRequest,
  { id, name }: Person,
  { rows, next_cursor }: Awaited<ReturnType<typeof readVisits>>,
): Markup {
  return html`<section aria-labelledby="end"><h2 id="end">End</h2>
<form method="post" action="/people/${id}/end" class="card narrow">${formFields(request)}
<p><bdi>${name}</bdi> is signed out everywhere at once and cannot sign in any more. What they did stays written down, and you can let them in again.</p>
${visitsToCome(request, rows, next_cursor !== undefined)}
<button class="danger stop">End their access</button></form></section>`;
}

function visitsToCome(
  { identity }: PageRequest,
  rows: readonly z.infer<typeof visitRow>[],
  isMore: boolean,
): Markup {
  if (rows.length === 0) return html`<p>They have no visits to do.</p>`;
  const { time_zone } = identity.organization;
  const count = `${rows.length}${isMore ? ' or more' : ''} visit${rows.length === 1 ? '' : 's'}`;
  return html`<p class="warning">They have ${count} to do. These stay booked, with this name on them, until you give them to somebody else:</p>
<ul>${rows.slice(0, 8).map(({ reference, scheduled_at }) => html`<li><a href="/tickets/${reference}">${timeTag(scheduled_at, time_zone)}</a></li>`)}${rows.length > 8 && html`<li>… and ${rows.length - 8} more</li>`}</ul>`;
}

const sessionRow = z.object({
  member_id: z.string(),
  device: z.string(),
  is_own: z.boolean(),
  last_used_at: z.string(),
});

/** Where somebody is signed in, as far as it is for whoever looks: their own, and everybody's for the owner. */
async function readSessions(request: PageRequest, id: string): Promise<Content> {
  const { actor, organization } = request.identity;
  if (actor.id !== id && actor.role !== 'owner') return false;
  const { rows } = await readList(request, 'sessions', sessionRow, { limit: 100 });
  const theirs = rows.filter(({ member_id }) => member_id === id);
  if (theirs.length === 0) return 'nowhere';
  return html`${theirs.map(({ device, last_used_at }) => html`<p>${device}, used last about ${timeTag(last_used_at, organization.time_zone)}</p>`)}
<p class="links"><a href="/sessions">Sign a device out</a></p>`;
}

/** Changes what is typed otherwise than it was. */
export function changePerson(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'member.update',
    async typed => {
      const person = await readPerson(request);
      const changes = changesOf(request, person, typed);
      const here = `/people/${person.id}`;
      if (Object.keys(changes).length === 0) {
        return { redirect: here, said: { done: 'Nothing was different.', warnings: [] } };
      }
      const { warnings } = await submit(request, 'member.update', { member_id: person.id, ...changes });
      return { redirect: here, said: { done: 'Saved.', warnings } };
    },
    refusal => showPerson(request, refusal),
  );
}

function changesOf(
  { identity }: PageRequest,
  person: Person,
  { name, phone, role, is_bookable }: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const known = person.phone === null ? '' : formatPhone(person.phone, identity.organization.country);
  const isBookable = is_bookable === undefined ? person.is_bookable : is_bookable === 'yes';
  return {
    ...(name === undefined || name === person.name ? {} : { name }),
    ...(phone === undefined || phone === known ? {} : phone === '' ? { clear: ['phone'] } : { phone }),
    ...(role === undefined || role === person.role ? {} : { role }),
    ...(isBookable === person.is_bookable ? {} : { is_bookable: isBookable }),
  };
}

/** Mails somebody a link to sign in. */
export function sendLink(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'member.send_sign_in_link',
    async () => {
      const { id } = await readPerson(request);
      const { data } = await submit(request, 'member.send_sign_in_link', { member_id: id });
      const done = `A link to sign in is on its way to ${String(data.sent_to)}.`;
      return { redirect: `/people/${id}`, said: { done, warnings: [] } };
    },
    refusal => showPerson(request, refusal),
  );
}

/** Ends somebody's access. */
export function endPerson(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'member.delete',
    async () => {
      const { id, name } = await readPerson(request);
      const { warnings } = await submit(request, 'member.delete', { member_id: id });
      return { redirect: '/people', said: { done: `${name} cannot sign in any more.`, warnings } };
    },
    refusal => showPerson(request, refusal),
  );
}

/** Lets somebody in again who left. */
export function restorePerson(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'member.restore',
    async () => {
      const { data, warnings } = await submit(request, 'member.restore', {
        member_id: String(request.http.params.id),
      });
      const done = `${String(data.name)} may sign in again.`;
      return { redirect: `/people/${String(data.id)}`, said: { done, warnings } };
    },
    refusal => listPeople(request, refusal),
  );
}
