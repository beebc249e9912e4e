import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { showDay } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { asksPasskey, passkeyField } from '../passkeys/passkey.ts';
import { field } from '../settings/fields.ts';
import { type Answer, mayRead, type Page, type PageRequest, readList } from '../site.ts';

export const deletePath = '/exports/delete';

/** A deletion that waits, as pages read it. */
export const deletion = z.object({
  asked_by: z.string(),
  asked_at: z.string(),
  delete_at: z.string(),
  trouble: z.string().nullable(),
});
type Deletion = z.infer<typeof deletion>;

/** `/exports/delete`: what deleting the business means, taking everything along first, asking for it, taking it back. */
export async function showDelete(request: PageRequest, refusal?: Refusal): Promise<Page> {
  if (!mayRead(request, 'business_deletion'))
    throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const [{ rows }, passkeys] = await Promise.all([
    readList(request, 'business_deletion', deletion, { fields: Object.keys(deletion.shape) }),
    readList(request, 'passkeys', z.object({ id: z.string() }), { fields: ['id'], limit: 1 }),
  ]);
  const [asked] = rows;
  return {
    title: 'Delete the business',
    status: refusal?.status ?? 200,
    scripts: ['passkey.js'],
    body: html`<h1>Delete the business</h1>
${asked ? waits(request, asked, refusal) : offer(request, passkeys.rows.length > 0, refusal)}`,
  };
}

function offer(request: PageRequest, hasPasskey: boolean, refusal: Refusal | undefined): Markup {
  const { name } = request.identity.organization;
  return html`<p class="lead">Everything of <bdi>${name}</bdi> goes for good: customers, visits, invoices, messages, the people and the whole history.</p>
<ol><li>Take everything along first: with that file it can be brought back. <a href="/exports">Export everything</a></li>
<li>You ask for it here, with your passkey. All owners are told by mail.</li>
<li>Seven days later it goes. Until then every owner can keep it with one press, here.</li></ol>
<p class="hint">Tax offices want invoices kept for years: take the file along.</p>
${hasPasskey ? askForm(request, refusal) : html`<p>This takes a passkey, and you have none yet. <a href="/passkeys">Add one</a></p>${problemElse(refusal, [])}`}`;
}

function askForm(request: PageRequest, refusal: Refusal | undefined): Markup {
  return html`<form method="post" action="${deletePath}" class="card narrow"${asksPasskey('business')}>${formFields(request)}${passkeyField}${problemElse(refusal, ['name'])}
${field(
  {
    name: 'name',
    label: 'The name of the business',
    hint: 'Typed out, to say that you mean it.',
    problem: problemAt(refusal, 'name'),
  },
  attributes =>
    html`<input${attributes} maxlength="200" autocomplete="off" required value="${refusal?.typed.name ?? ''}">`,
)}
<button class="stop">Delete it in seven days</button></form>`;
}

function waits(
  request: PageRequest,
  { asked_by, asked_at, delete_at, trouble }: Deletion,
  refusal: Refusal | undefined,
): Markup {
  const { organization } = request.identity;
  const day = (moment: string) => showDay(moment, organization.time_zone);
  return html`<p class="lead"><bdi>${organization.name}</bdi> goes on ${day(delete_at)}, with everything.</p>
${trouble !== null && html`<p class="problem">It should be gone by now, and could not be deleted. It is tried again every night; whoever looks after the server sees more with <code>deskhand doctor</code>.</p>`}
<p><bdi>${asked_by}</bdi> asked for it on ${day(asked_at)}. Have you taken everything along? <a href="/exports">Export everything</a></p>
<form method="post" action="${deletePath}/keep" class="card narrow">${formFields(request)}${problemElse(refusal, [])}<button>Keep the business</button></form>`;
}

/** Asks for the deletion, with what the passkey says. */
export function askFromForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'deletion.ask',
    async ({ name = '', passkey = '' }) => {
      const data = { name, ...(passkey === '' ? {} : { passkey }) };
      const { warnings } = await submit(request, 'deletion.ask', data);
      return {
        redirect: deletePath,
        said: { done: 'It is deleted in seven days, unless an owner keeps it.', warnings },
      };
    },
    refusal => showDelete(request, refusal),
  );
}

export function keepFromForm(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'deletion.cancel',
    async () => {
      const { warnings } = await submit(request, 'deletion.cancel', {});
      return { redirect: '/exports', said: { done: 'The business stays.', warnings } };
    },
    refusal => showDelete(request, refusal),
  );
}
