import { expect } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Business, Office } from '../support/office.ts';

/** A request as its reference and the digest that stands on the page. */
export interface Asked {
  request: string;
  digest: string;
}

/** What an agent says beside each of its calls. */
export const reasoning = 'The customer asked us to do so';

/** An agent's call that has to wait, as the page would show it. */
export async function askFor(
  { act, read }: Office,
  { agent, owner }: Pick<Business, 'agent' | 'owner'>,
  action: string,
  data: Record<string, unknown>,
): Promise<Asked> {
  const outcome = await act(agent, action, data, { reasoning });
  expect(outcome).toMatchObject({ status: 'pending_authorization' });
  const request = String(outcome.data.request);
  const [row] = await read(owner, 'authorization_requests', { id: request });
  return { request, digest: String(row?.digest) };
}

/** Another agent of a business. */
export async function hireAgent(
  { done }: Office,
  { owner }: Business,
  name: string,
): Promise<{ id: string; agent: Caller & { via: 'key' } }> {
  const { id } = await done(owner, 'agent.create', { name });
  const { key } = await done(owner, 'agent.create_key', { agent_id: id });
  return { id: String(id), agent: { via: 'key', key: String(key) } };
}

/** A request as its owner sees it now. */
export async function findRequest({ read, bright }: Office, id: string): Promise<Record<string, unknown>> {
  const [row] = await read(bright.owner, 'authorization_requests', { id });
  return row ?? {};
}
