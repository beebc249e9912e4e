import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { showMoment } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Fragment, mayRead, type PageRequest, readList } from '../site.ts';

const agentRow = z.object({ id: z.string(), name: z.string(), paused_at: z.string().nullable() });
/** A key, or a connection that somebody allowed. */
const wayIn = z.object({ agent_id: z.string(), last_used_at: z.string().nullable() });

/** Which assistants have called, the latest first; false for whoever may not see how they come in. */
export async function calledLines(request: PageRequest): Promise<Markup | false> {
  if (!mayRead(request, 'agent_keys')) return false;
  const read = (type: string) =>
    readList(request, type, wayIn, { fields: Object.keys(wayIn.shape), limit: 100 });
  const [agents, keys, connections] = await Promise.all([
    readList(request, 'agents', agentRow, { fields: Object.keys(agentRow.shape), limit: 100 }),
    read('agent_keys'),
    read('connections'),
  ]);
  const ways = [...keys.rows, ...connections.rows];
  const called = agents.rows
    .map(agent => ({ ...agent, at: lastOf(ways.filter(({ agent_id }) => agent_id === agent.id)) }))
    .filter((agent): agent is typeof agent & { at: string } => agent.at !== undefined)
    .sort((one, other) => other.at.localeCompare(one.at));
  if (called.length === 0) {
    return html`<p>Nothing has called yet. When you have connected it, ask your assistant: “What is on today?”</p>`;
  }
  // By the clock that wrote it down.
  const now = Temporal.Now.instant();
  const { time_zone } = request.identity.organization;
  return html`<ul class="plain rows">${called.map(
    ({ id, name, paused_at, at }) =>
      html`<li><a href="/assistants/${id}"><bdi>${name}</bdi></a> called <time datetime="${at}">${ago(at, now, time_zone)}</time>.${paused_at !== null && ' It is paused.'}</li>\n`,
  )}</ul>`;
}

/** `/connect/called`: the same, for the script of the page. */
export async function showCalled(request: PageRequest): Promise<Fragment> {
  return { fragment: (await calledLines(request)) || html`` };
}

const lastOf = (ways: readonly z.infer<typeof wayIn>[]): string | undefined =>
  ways
    .flatMap(({ last_used_at }) => last_used_at ?? [])
    .sort()
    .at(-1);

/** How long ago something was, as somebody would say it who has just tried it: `12 seconds ago`; older than a day, when it was. */
export function ago(at: string, now: Temporal.Instant, timeZone: string): string {
  const seconds = Math.max(0, Math.round(now.since(Temporal.Instant.from(at)).total('seconds')));
  const count = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'} ago`;
  if (seconds < 2) return 'just now';
  if (seconds < 60) return count(seconds, 'second');
  if (seconds < 3600) return count(Math.floor(seconds / 60), 'minute');
  if (seconds < 86_400) return count(Math.floor(seconds / 3600), 'hour');
  return `on ${showMoment(at, timeZone)}`;
}
