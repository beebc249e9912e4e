import { as } from '../support/office.ts';
import type { Pages } from '../support/pages.ts';

export const owner = 'olivia@brightpanes.example';
export const dana = 'dana@brightpanes.example';
export const theo = 'theo@brightpanes.example';

const reasoning = 'The customer moved away and asked us to remove her.';

/** A customer with a house and a note, whom the agent asks to delete; answers the customer and the request. */
export async function askToDelete(
  { bright, done, act }: Pages,
  name: string,
  why = reasoning,
): Promise<{ contact: string; request: string }> {
  const office = as(bright, 'Dana');
  const contact = await done(office, 'contact.create', { full_name: name });
  await done(office, 'address.create', { contact_id: contact.id, line1: '9 New Road', city: 'Madison' });
  await done(office, 'note.create', { contact_id: contact.id, content: 'Has two dogs' });
  const asked = await act(bright.agent, 'contact.delete', { contact_id: contact.id }, { reasoning: why });
  if (asked.status !== 'pending_authorization')
    throw new Error('a customer with a note is not simply deleted');
  return { contact: String(contact.reference), request: String(asked.data.request) };
}

/** What the agent asks for after the owner has set the action to wait; answers the request. */
export async function askFor(
  { bright, done, act }: Pages,
  action: string,
  data: Record<string, unknown>,
  why = reasoning,
): Promise<string> {
  await done(bright.owner, 'authorization.set_level', { action, level: 'requires_authorization' });
  const asked = await act(bright.agent, action, data, { reasoning: why });
  return String(asked.data.request);
}

export async function requestRow({ bright, read }: Pages, id: string): Promise<Record<string, unknown>> {
  const [row] = await read(bright.owner, 'authorization_requests', { id });
  return row ?? {};
}

export const isThere = async ({ bright, read }: Pages, contact: string): Promise<boolean> =>
  (await read(bright.owner, 'contacts', { search: contact })).length === 1;

/** The words of a page, as somebody reads them. */
export const plain = (markup: string): string =>
  markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, '')
    .replace(/&#39;/g, '’')
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ');
