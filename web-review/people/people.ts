import { z } from 'zod';
import { workingHours } from '../../core/members/working-hours.ts';
import { attempt, problemAt, problemElse, type Refusal, requireMay } from '../attempt.ts';
import { phoneLink } from '../format.ts';
import { formFields, submit, tick } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList } from '../site.ts';
import { linkSent } from './link.ts';
import { roleChoices, roleLabel } from './roles.ts';

const memberRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.string(),
  is_bookable: z.boolean(),
  phone: z.string().nullable(),
  working_hours: workingHours.nullable(),
});

/** Somebody of the business, as the pages show them. */
export type Person = z.infer<typeof memberRow>;
export const personFields = Object.keys(memberRow.shape);
export { memberRow as personRow };

/** `/people`: who works here, what each may do, and who left. */
export async function listPeople(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const people = await readList(request, 'members', memberRow, {
    fields: personFields,
    sort: 'name',
    limit: 100,
  });
  const mayAdd = mayDo(request, 'member.create');
  const gone = mayAdd ? await readGone(request) : [];
  return {
    title: 'People',
    status: refusal?.status ?? 200,
    body: html`<h1>People</h1>
<p class="hint">Who works here, and what each of them may do.</p>
${mayAdd && html`<p class="buttons"><a class="button" href="/people/new">Add a person</a></p>`}
${problemElse(refusal, [])}
<ul class="list">${people.rows.map(person => personItem(request, person))}</ul>
${gone.length > 0 && goneSection(request, gone)}`,
  };
}

function personItem(request: PageRequest, { id, name, email, role, is_bookable, phone }: Person): Markup {
  const { country } = request.identity.organization;
  return html`<li><a class="main" href="/people/${id}"><bdi>${name}</bdi></a> <span class="badge">${roleLabel(role)}</span>${is_bookable && html` <span class="badge">goes on visits</span>`}
<p class="hint"><bdi>${email}</bdi>${phone !== null && html` · ${phoneLink(phone, country)}`}</p></li>\n`;
}

async function readGone(request: PageRequest): Promise<Person[]> {
  const query = { fields: personFields, filter: 'deleted', limit: 50 };
  return (await readList(request, 'members', memberRow, query)).rows;
}

const goneSection = (request: PageRequest, gone: readonly Person[]): Markup =>
  html`<section aria-labelledby="gone"><h2 id="gone">Who left</h2>
<p class="hint">They cannot sign in. What they did stays as it was written down.</p>
<ul class="list">${gone.map(
    ({ id, name, email, role }) =>
      html`<li><span class="main"><bdi>${name}</bdi></span> <span class="badge">${roleLabel(role)}</span> <p class="hint"><bdi>${email}</bdi></p>
<form method="post" action="/people/${id}/restore">${formFields(request)}<button class="plain quiet">Let them in again</button></form></li>\n`,
  )}</ul></section>`;

const fields = ['name', 'email', 'phone', 'role', 'is_bookable'];

/** `/people/new`: a new person, with a link to sign in on its way if wanted. */
export async function newPerson(request: PageRequest, refusal?: Refusal): Promise<Page> {
  requireMay(request, 'member.create');
  const typed = (name: string) => refusal?.typed[name] ?? '';
  const problem = (name: string) => problemAt(refusal, name);
  return {
    title: 'Add a person',
    status: refusal?.status ?? 200,
    body: html`<h1>Add a person</h1>
<form method="post" action="/people/new" class="card narrow">${formFields(request)}${problemElse(refusal, fields)}
${field({ name: 'name', label: 'Name', hint: 'As everybody calls them.', problem: problem('name') }, textControl(typed('name'), html` required`))}
${field({ name: 'email', label: 'E-mail', hint: 'They sign in with it: there is no password, they get a link.', problem: problem('email') }, textControl(typed('email'), html` required type="email" inputmode="email"`))}
${field({ name: 'phone', label: 'Phone', hint: '', problem: problem('phone') }, textControl(typed('phone'), html` inputmode="tel"`))}
${roleField(request, refusal?.typed.role ?? 'technician', problem('role'))}
${bookableField(typed('is_bookable'), true)}
${tick(html`type="checkbox" name="send_link" value="yes"`, html`Mail them a link to sign in`, refusal === undefined || typed('send_link') === 'yes')}
<p class="buttons"><button>Add</button> <a class="button plain quiet" href="/people">Cancel</a></p></form>`,
  };
}

/** The roles, one under the other with what each may do. Only an owner makes owners. */
export function roleField(request: PageRequest, chosen: string, problem: string | undefined): Markup {
  const offered = roleChoices.filter(
    ([role]) => role !== 'owner' || request.identity.actor.role === 'owner' || chosen === 'owner',
  );
  return html`<fieldset${problem !== undefined && html` aria-describedby="role_problem"`}><legend>What they may do</legend>
${offered.map(([role, label, may]) =>
  tick(
    html`type="radio" name="role" value="${role}" required`,
    html`${label} <span class="hint">${may}</span>`,
    role === chosen,
  ),
)}
${problem !== undefined && html`<p class="problem" id="role_problem" role="alert">${problem}</p>`}</fieldset>`;
}

/** Whether visits can be booked for somebody; a new person goes by their role unless somebody says otherwise. */
export const bookableField = (chosen: string, isNew: boolean): Markup => {
  const options = [
    ...(isNew ? [['', 'technicians yes, others no']] : []),
    ['yes', 'yes, on the calendar'],
    ['no', 'no'],
  ];
  return field(
    { name: 'is_bookable', label: 'Goes on visits', hint: '', problem: undefined },
    attributes =>
      html`<select${attributes}>${options.map(([value = '', label]) => html`<option value="${value}"${value === chosen && html` selected`}>${label}</option>`)}</select>`,
  );
};

/** Adds somebody, and mails the link. That the mail did not go out takes nothing back. */
export function addPerson(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'member.create',
    async ({ name = '', email = '', phone = '', role = '', is_bookable = '', send_link = '' }) => {
      const { data } = await submit(request, 'member.create', {
        name,
        email,
        role,
        ...(phone === '' ? {} : { phone }),
        ...(is_bookable === '' ? {} : { is_bookable: is_bookable === 'yes' }),
      });
      const sent = send_link === 'yes' ? await linkSent(request, String(data.id)) : undefined;
      const done = `${String(data.name)} is added${sent?.to ? `, and a link to sign in is on its way to ${sent.to}` : ''}.`;
      return {
        redirect: `/people/${String(data.id)}`,
        said: { done, warnings: sent?.problem ? [sent.problem] : [] },
      };
    },
    refusal => newPerson(request, refusal),
  );
}
