import { z } from 'zod';
import { generalWish } from '../../core/audit/deed-words.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { secretsPath } from '../settings/secrets.ts';
import { mayRead, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { foreign } from './foreign.ts';
import { reviewPlaces } from './places.ts';

const attemptRow = z.object({
  id: z.string(),
  kind: z.string(),
  action: z.string().nullable(),
  actor_name: z.string(),
  details: z.looseObject({
    message: z.string().optional(),
    provider: z.string().optional(),
    reason: z.string().optional(),
    object_id: z.string().optional(),
  }),
  created_at: z.string(),
});
type Attempt = z.infer<typeof attemptRow>;

/** What agents tried that is for people alone, and messages of services that are not to be believed; all of it was refused. */
export async function listAttempts(pageRequest: PageRequest): Promise<Page> {
  const cursor = textOf(pageRequest.http.query, 'cursor');
  const { rows, next_cursor } = await readList(pageRequest, 'security_events', attemptRow, {
    params: { kind: 'refused' },
    fields: Object.keys(attemptRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  const older = next_cursor && `/review/attempts?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Refused attempts',
    body: html`<h1>Refused attempts</h1>
${reviewPlaces(pageRequest)}
<p>What an assistant tried that is for people alone: to decide, to set what an assistant may do, to make keys, to change what bounds them. All of it was refused. If you did not expect it, <a href="/assistants">pause the assistant or revoke its keys</a>.</p>
<p>And messages about payments and mails that were not believed. Nothing was changed by them.</p>
${rows.length === 0 && html`<p class="empty">No assistant has tried anything of the kind, and every message was good.</p>`}
<ul class="plain rows">${rows.map(row => (row.kind === 'webhook' ? messageItem(pageRequest, row) : attemptItem(pageRequest, row)))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`,
  };
}

function attemptItem(pageRequest: PageRequest, { action, actor_name, details, created_at }: Attempt): Markup {
  const { time_zone } = pageRequest.identity.organization;
  return html`<li><p><b>${capital(generalWish(pageRequest.site.app.registry, action ?? 'something'))}</b></p>
${details.message !== undefined && html`<p>${foreign(withoutName(details.message, action), 300)}</p>`}
<p class="when">${foreign(actor_name, 80)}, ${timeTag(created_at, time_zone)}</p></li>\n`;
}

/** `agent.create_key is for people …` beside what that is in words. */
const withoutName = (message: string, action: string | null): string =>
  message.startsWith(`${action} is `) ? message.replace(`${action} is `, 'This is ') : message;

/** Why a message was not believed, and what to do about it. */
const whyNot: Readonly<Record<string, { what: string; hint: string; isSecret?: true }>> = {
  signature: {
    what: 'A message was not signed as it should be, or came too late',
    hint: 'Somebody else may have sent it. When it comes again and again, the signing secret kept here is not the one of this account.',
    isSecret: true,
  },
  not_under_our_key: {
    what: 'A message was about something that is not in your account',
    hint: 'It may be meant for another account. When it comes again and again, the key kept here may be of another one.',
    isSecret: true,
  },
  of_another_business: {
    what: 'A message was about a payment page of another business',
    hint: 'Nothing of it was looked at. When two businesses share one account, this is why.',
  },
  currency: {
    what: 'An amount was in another currency than its bill',
    hint: 'It was not written down; there is a task to look at it.',
  },
  beyond_payment: {
    what: 'More was to be given back than had been paid',
    hint: 'Look at this payment in your account there.',
  },
};

/** For a reason this page has no words of its own for. */
const notBelieved = {
  what: 'A message was not believed',
  hint: 'Nothing was done about it.',
  isSecret: undefined,
};

function messageItem(pageRequest: PageRequest, { details, actor_name, created_at }: Attempt): Markup {
  const { time_zone } = pageRequest.identity.organization;
  const { provider = actor_name, reason = '', object_id } = details;
  const { what, hint, isSecret } = whyNot[reason] ?? notBelieved;
  return html`<li><p><b>${what}</b></p>
<p>${hint}${isSecret && mayRead(pageRequest, 'secrets') && html` <a href="${secretsPath}">Connected services</a>`}</p>
<p class="when">${foreign(capital(provider), 80)}${object_id !== undefined && html`, ${foreign(object_id, 80)}`}, ${timeTag(created_at, time_zone)}</p></li>\n`;
}
