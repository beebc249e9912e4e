import { attempt, problemElse, type Refusal, requireMay } from '../attempt.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest } from '../site.ts';
import { changesOf, formNames, membersOf, priceFields, typedOf } from './fields.ts';
import { priceWords, readService, type Service } from './prices.ts';
import { repriceForm } from './reprice.ts';

/** `/prices/new`: something new to offer. */
export async function newPrice(request: PageRequest, refusal?: Refusal): Promise<Page> {
  requireMay(request, 'service.create');
  return {
    title: 'Add a service',
    status: refusal?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>Add a service</h1>
<form method="post" action="/prices/new" class="card narrow">${formFields(request)}${problemElse(refusal, formNames)}
${priceFields({ kind: 'service', pricing: 'fixed' }, refusal, request.identity.organization.currency)}
<p class="buttons"><button>Add</button> <a class="button plain quiet" href="/prices">Cancel</a></p></form>`,
  };
}

/** `/prices/S-1`: one line of the price list, its form, and the open visits that stand at an earlier price. */
export async function showPrice(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const service = await readService(request);
  const { reference, name, is_active } = service;
  return {
    title: name,
    status: refusal?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<p class="links"><a href="/prices">Price list</a> <a href="/records/services/${reference}">History</a></p>
<h1><bdi>${name}</bdi></h1>
<p class="lead">${priceWords(service)}${!is_active && html` <span class="badge">not offered any more</span>`}</p>
${problemElse(refusal, formNames)}
${await repriceForm(request, service)}
${mayDo(request, 'service.update') && changeForm(request, service, refusal)}
${mayDo(request, 'service.update') && archiveForm(request, service)}`,
  };
}

const changeForm = (request: PageRequest, service: Service, refusal: Refusal | undefined): Markup =>
  html`<section aria-labelledby="change"><h2 id="change">Change</h2>
<form method="post" action="/prices/${service.reference}" class="card narrow">${formFields(request)}
${Object.entries(typedOf(service)).map(([name, text]) => html`<input type="hidden" name="was_${name}" value="${refusal?.typed[`was_${name}`] ?? text}">`)}
${priceFields(typedOf(service), refusal, request.identity.organization.currency)}
<p class="hint">Visits that are booked keep their price; which ones, you see here next.</p>
<button>Save</button></form></section>`;

const archiveForm = (request: PageRequest, { reference, is_active }: Service): Markup =>
  html`<section aria-labelledby="archive"><h2 id="archive">${is_active ? 'Stop offering it' : 'Offer it again'}</h2>
<form method="post" action="/prices/${reference}/${is_active ? 'archive' : 'offer'}" class="card narrow">${formFields(request)}
<p>${is_active ? 'Nobody books it any more. Visits and bills that have it stay as they are.' : 'It can be booked again, at the price above.'}</p>
<button class="plain quiet">${is_active ? 'Stop offering it' : 'Offer it again'}</button></form></section>`;

/** Adds something to the price list. */
export function addPrice(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'service.create',
    async typed => {
      const { data, warnings } = await submit(
        request,
        'service.create',
        membersOf(typed, request.identity.organization.currency),
      );
      const done = `${String(data.name)} is on the price list.`;
      return { redirect: `/prices/${String(data.reference)}`, said: { done, warnings } };
    },
    refusal => newPrice(request, refusal),
  );
}

/** Changes what was typed otherwise than the page showed it. Which visits keep the old price the next page says. */
export function changePrice(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'service.update',
    async typed => {
      const { id, reference, currency } = await readService(request);
      const shown = Object.fromEntries(formNames.map(name => [name, typed[`was_${name}`] ?? '']));
      const changes = changesOf(typed, shown, currency);
      const redirect = `/prices/${reference}`;
      if (Object.keys(changes).length === 0)
        return { redirect, said: { done: 'Nothing was different.', warnings: [] } };
      await submit(request, 'service.update', { service_id: id, ...changes });
      return { redirect, said: { done: 'Saved.', warnings: [] } };
    },
    refusal => showPrice(request, refusal),
  );
}

/** Takes something off the list of what can be booked, or puts it back. */
export function offer(request: PageRequest, is_active: boolean): Promise<Answer> {
  return attempt(
    request,
    'service.update',
    async () => {
      const { id, name, reference, ...before } = await readService(request);
      if (before.is_active !== is_active)
        await submit(request, 'service.update', { service_id: id, is_active });
      const done = `${name} is ${is_active ? 'offered again' : 'not offered any more'}.`;
      return { redirect: `/prices/${reference}`, said: { done, warnings: [] } };
    },
    refusal => showPrice(request, refusal),
  );
}
