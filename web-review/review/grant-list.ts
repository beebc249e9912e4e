import { z } from 'zod';
import { generalWish } from '../../core/audit/deed-words.ts';
import { levels } from '../../core/kernel/pipeline/context.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { type PageRequest, readList } from '../site.ts';
import { plain } from '../words.ts';
import { freedom, limitWords, whoOf } from './always.ts';
import { foreign } from './foreign.ts';
import { levelWords } from './level-words.ts';
import { mayDecide } from './request.ts';

const grantRow = z.object({
  id: z.string(),
  action: z.string(),
  rule: z.string(),
  level: z.enum(levels),
  agent: z.string().nullable(),
  limits: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  request: z.string().nullable(),
  set_by: z.string(),
  expires_at: z.string().nullable(),
  created_at: z.string(),
});
type Grant = z.infer<typeof grantRow>;

/** Grants and levels that hold, newest first; of one action when it is given. */
export const readGrants = (
  pageRequest: PageRequest,
  { action, cursor }: { action?: string; cursor?: string },
) =>
  readList(pageRequest, 'authorization_grants', grantRow, {
    fields: Object.keys(grantRow.shape),
    params: action === undefined ? {} : { action },
    ...(cursor === undefined ? {} : { cursor }),
  });

/** One of them in words, with the button that takes it back. */
export function grantItem(pageRequest: PageRequest, grant: Grant): Markup {
  const { time_zone, currency } = pageRequest.identity.organization;
  const { id, set_by, created_at, expires_at, request, reason } = grant;
  const bound = limitWords(grant.limits, currency);
  return html`<li class="card"><p><b>${meaningOf(pageRequest, grant)}</b>${bound && `, ${bound}`}</p>
${reason !== null && html`<p>Why: ${foreign(reason)}</p>`}
<p class="when">${foreign(set_by, 80)}, ${timeTag(created_at, time_zone)}${request !== null && html`, from <a href="/review/${request}">${request}</a>`}; ${expires_at === null ? 'until you end it' : html`until ${timeTag(expires_at, time_zone)}`}</p>
${mayDecide(pageRequest) && html`<form method="post" action="/review/grants/revoke">${tokenField(pageRequest.identity.csrf_token)}<input type="hidden" name="id" value="${id}"><button class="danger">End it</button></form>`}</li>\n`;
}

function meaningOf(pageRequest: PageRequest, { agent, action, rule, level }: Grant): Markup {
  const { registry } = pageRequest.site.app;
  if (level === 'unrestricted') return freedom(registry, { agent, action, rule });
  const known = registry.actions.get(action)?.spec.permission.rules?.find(({ name }) => name === rule);
  return html`${whoOf(agent)} · ${capital(generalWish(registry, action))}${known && ` ${plain(known.summary)}`}: ${levelWords[level]}`;
}
