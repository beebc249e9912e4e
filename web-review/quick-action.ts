import { z } from 'zod';
import { shorten } from './format.ts';
import { html, type Markup } from './html.ts';
import { type PageRequest, readList } from './site.ts';

const currentRow = z.object({
  reference: z.string(),
  why: z.string(),
  customer: z.string(),
  clocked_in_at: z.string().nullable(),
});

/** The visit somebody is at. */
export type Current = z.infer<typeof currentRow>;

const known = new WeakMap<PageRequest, Promise<Current | undefined>>();

/** The visit this person is at now, if any; asked for once for a page. */
export function currentOf(request: PageRequest): Promise<Current | undefined> {
  const asked = known.get(request) ?? readCurrent(request);
  known.set(request, asked);
  return asked;
}

/** The visit somebody of the business is at now, if any. */
export async function readCurrent(request: PageRequest, technicianId?: string): Promise<Current | undefined> {
  const { rows } = await readList(request, 'current_ticket', currentRow, {
    fields: Object.keys(currentRow.shape),
    ...(technicianId === undefined ? {} : { params: { technician_id: technicianId } }),
  });
  return rows[0];
}

/**
 * The way to close out the current visit, one tap away in the header of every page (CLO-02). People of the office, who
 * mostly go to no visits, are asked about on the pages of visits only: it costs a read.
 */
export async function quickAction(request: PageRequest): Promise<Markup | undefined> {
  const { path } = request.http;
  const isTechnician = request.identity.actor.role === 'technician';
  if (!isTechnician && !/^\/(calendar$|tickets\/|$)/.test(path)) return undefined;
  const current = await currentOf(request);
  return (
    current &&
    html`<a class="button quick" href="/close-out/${current.reference}">Close out ${current.reference} · <bdi>${shorten(current.customer, 60)}</bdi></a>`
  );
}
