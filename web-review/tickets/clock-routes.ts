import { z } from 'zod';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { submit, typedTexts } from '../forms.ts';
import { html } from '../html.ts';
import { readCurrent } from '../quick-action.ts';
import { localPath } from '../session.ts';
import { type Answer, type PageRequest, readMaybe, recordOf } from '../site.ts';
import { elsewhere, showLength, showSince } from './clock.ts';

const entryRow = z.object({ clocked_in_at: z.string(), clocked_out_at: z.string().nullable() });

/**
 * Sets the clock of somebody on a visit (TKT-07, GAP-04) and leads back to the visit. A form that waited for signal
 * says by `ago` how many seconds ago the button was pressed. What is refused is a page that leads back as well.
 */
export async function setClock(request: PageRequest, direction: 'in' | 'out'): Promise<Answer> {
  const reference = recordOf(request);
  const { ago = '', technician_id = '', back = '' } = typedTexts(request);
  const redirect = localPath(back) ?? `/tickets/${reference}`;
  try {
    const at = pressedAt(request, ago);
    const { data, warnings } = await submit(request, `ticket.clock_${direction}`, {
      ticket_id: reference,
      ...(technician_id === '' ? {} : { technician_id }),
      ...(at === undefined ? {} : { at }),
    });
    return { redirect, said: { done: saidOf(request, entryRow.parse(data)), warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    // The same press of the same button, sent again after a longer wait.
    if (error.code === 'IDEMPOTENCY_CONFLICT') {
      return { redirect, said: { done: 'That was noted already.', warnings: [] } };
    }
    if (!refusals.has(error.code)) throw error;
    return refused(request, reference, error, technician_id);
  }
}

const refusals = new Set(['CONFLICT', 'INVALID_STATE', 'TICKET_CLOSED', 'VALIDATION_ERROR', 'FORBIDDEN']);

const longestWait_seconds = 86_400;

function pressedAt(request: PageRequest, ago: string): string | undefined {
  if (ago === '') return undefined;
  const seconds = /^\d{1,5}$/.test(ago) ? Number(ago) : Number.NaN;
  if (!(seconds <= longestWait_seconds)) {
    throw invalid('ago', 'When the button was pressed is not known, or longer than a day ago.', { got: ago });
  }
  return request.site.clock().subtract({ seconds }).toString();
}

function saidOf(request: PageRequest, { clocked_in_at, clocked_out_at }: z.infer<typeof entryRow>): string {
  if (clocked_out_at === null) return `Clocked in at ${showSince(request, clocked_in_at)}.`;
  const minutes = Math.round((Date.parse(clocked_out_at) - Date.parse(clocked_in_at)) / 60_000);
  return `Clocked out at ${showSince(request, clocked_out_at)}, after ${showLength(minutes)}.`;
}

const ticketRow = z.object({
  reference: z.string(),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** Nothing was set: why not, and the ways on. A clock that runs on this very visit is what was wanted. */
async function refused(
  request: PageRequest,
  reference: string,
  error: DeskhandError,
  asked: string,
): Promise<Answer> {
  const ticket = await readMaybe(request, {
    type: 'tickets',
    row: ticketRow,
    id: reference,
    query: {
      fields: ['reference'],
      include: ['technicians'],
    },
  });
  if (!ticket) throw error;
  const { id, role } = request.identity.actor;
  const [only] = ticket.technicians;
  const meant = asked !== '' || ticket.technicians.length !== 1 ? asked : (only?.id ?? '');
  const whose = role === 'technician' ? id : meant;
  const current = whose ? await readCurrent(request, whose) : undefined;
  const running = current?.clocked_in_at ? current : undefined;
  if (error.code === 'CONFLICT' && running?.reference === ticket.reference) {
    const done = `The clock runs already, since ${showSince(request, running.clocked_in_at ?? '')}.`;
    return { redirect: `/tickets/${ticket.reference}`, said: { done, warnings: [] } };
  }
  const message = whose === id ? error.message.replace('This technician is', 'You are') : error.message;
  return {
    title: 'The clock was not set',
    status: error.status,
    body: html`<h1>The clock was not set</h1>
<p class="lead">${message}</p>
${running && running.reference !== ticket.reference && elsewhere(request, running, { back: `/tickets/${ticket.reference}`, ...(whose ? { technicianId: whose } : {}) })}
<p><a class="button" href="/tickets/${ticket.reference}">Back to visit ${ticket.reference}</a></p>`,
  };
}
