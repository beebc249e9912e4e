import { z } from 'zod';
import { scopes, scopeWords } from '../../core/connections/scopes.ts';
import { timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest, readList } from '../site.ts';

const connectionRow = z.object({
  id: z.string(),
  client_name: z.string(),
  redirect_host: z.string(),
  scope: z.enum(scopes),
  last_used_at: z.string().nullable(),
  expires_at: z.string(),
  ended_at: z.string().nullable(),
  created_at: z.string(),
});
type Connection = z.infer<typeof connectionRow>;

/** The programs that work as an assistant now. */
export async function readConnections(request: PageRequest, agent_id: string): Promise<Connection[]> {
  const { rows } = await readList(request, 'connections', connectionRow, {
    params: { agent_id },
    limit: 100,
  });
  const now = request.site.clock().toString();
  return rows.filter(({ ended_at, expires_at }) => ended_at === null && expires_at > now);
}

/** Each program with what it may, when it came last, and a button that ends it. */
export const connectionSection = (
  request: PageRequest,
  agentId: string,
  connections: readonly Connection[],
): Markup | false =>
  connections.length > 0 &&
  html`<section aria-labelledby="connected"><h2 id="connected">Connected</h2>
<ul class="list">${connections.map(connection => connectionItem(request, agentId, connection))}</ul></section>`;

function connectionItem(request: PageRequest, agentId: string, connection: Connection): Markup {
  const { id, client_name, redirect_host, scope, last_used_at, created_at } = connection;
  const { time_zone } = request.identity.organization;
  return html`<li><p><b><bdi>${client_name}</bdi></b> <span class="hint">${redirect_host}</span></p>
<p class="hint">${scopeWords[scope].label}. Connected ${timeTag(created_at, time_zone)}; ${last_used_at === null ? 'not used yet' : html`last here ${timeTag(last_used_at, time_zone)}`}.</p>
${
  mayDo(request, 'connection.end') &&
  html`<details class="fold"><summary>Disconnect <bdi>${client_name}</bdi></summary>
<form method="post" action="/assistants/${agentId}/end-connection">${formFields(request)}<input type="hidden" name="connection" value="${id}"><p class="hint">It is refused from its next call on. To go on, it has to be connected anew.</p><button class="danger stop">Disconnect it</button></form></details>`
}</li>`;
}
