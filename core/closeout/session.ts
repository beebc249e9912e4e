import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { type Context, type ReadContext, roles } from '../kernel/pipeline/context.ts';
import { getRow, insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { asCode } from '../kernel/words/text-schemas.ts';
import { requireOwnVisit } from '../tickets/requirements.ts';
import { lockOpenTicket, type Ticket, ticketRecord } from '../tickets/ticket.ts';
import { digestOfTicket } from '../tickets/visit-facts.ts';
import { findSession, lockSession } from './queries.ts';
import { closeoutAnswer, type Session, type Step, sessionRecord, stepOf, steps } from './record.ts';

/** What every step of a close-out is registered with. People only: whoever validates stood there (CLO-07, CFL-31). */
export const closeoutStep = {
  domain: 'closeout',
  permission: { level: 'unrestricted' },
  effect: 'update',
  output: closeoutAnswer,
  roles,
  human_only: true,
} as const;

/** The digest of what somebody saw, so that nothing else is confirmed. */
export const digestOf = (description: string) =>
  z
    .string()
    .max(64)
    .optional()
    .meta({ ...asCode, description });

/** The acting person's close-out of a locked, open visit. Begun when there is none yet. */
export async function openSession(
  context: Context,
  ticketId: string,
): Promise<{ ticket: Ticket; session: Session }> {
  await requireOwnVisit(context, ticketId);
  const ticket = await lockOpenTicket(context, ticketId);
  const session = (await lockOwn(context, ticketId)) ?? (await begin(context, ticketId));
  return { ticket, session };
}

/**
 * The acting person's close-out of a visit that may still change, at a step that is due or was passed already. Throws
 * INVALID_STATE with the step that comes first (CLO-11), CONFLICT when the visit was changed since its work was confirmed.
 */
export async function sessionAt(
  context: Context,
  ticketId: string,
  step: Step,
): Promise<{ ticket: Ticket; session: Session }> {
  const { ticket, session } = await openSession(context, ticketId);
  const due = stepOf(session, await digestOfTicket(context, ticket));
  if (steps.indexOf(step) <= steps.indexOf(due)) return { ticket, session };
  if (due === 'work' && session.work_confirmed_at !== null) {
    throw new DeskhandError(
      'CONFLICT',
      `The services of ${ticket.reference} were changed since you confirmed them.`,
      {
        step: due,
        hint: 'Look at duration, services and prices again; everything else you wrote is kept.',
      },
    );
  }
  throw new DeskhandError('INVALID_STATE', `${sentences[due]} comes first.`, {
    step: due,
    hint: `Do closeout.${verbs[due]} before this.`,
  });
}

/** The acting person's completed close-out, locked. Throws INVALID_STATE while it is under way, NOT_FOUND without a visit. */
export async function completedSession(context: Context, ticketId: string): Promise<Session> {
  await requireOwnVisit(context, ticketId);
  const session = await lockOwn(context, ticketId);
  if (session?.completed_at) return session;
  await getRow(context, ticketRecord, ticketId);
  throw new DeskhandError('INVALID_STATE', 'You have not closed out this visit.', {
    field: 'ticket_id',
    hint: 'Complete it first with closeout.complete.',
  });
}

/** Writes what a step confirmed. */
export const saveSession = (context: Context, id: string, values: Partial<Session>): Promise<Session> =>
  updateRow(context, sessionRecord, id, values);

/** The acting person's close-out of a visit; undefined when there is none, or nobody in person asks. */
export async function findOwn(context: ReadContext, ticketId: string): Promise<Session | undefined> {
  const { kind, id } = context.actor;
  return kind === 'user' && id !== null ? findSession(context, ticketId, id) : undefined;
}

async function lockOwn(context: Context, ticketId: string): Promise<Session | undefined> {
  const { kind, id } = context.actor;
  return kind === 'user' && id !== null ? lockSession(context, ticketId, id) : undefined;
}

async function begin(context: Context, ticketId: string): Promise<Session> {
  const { kind, id } = context.actor;
  if (kind !== 'user' || id === null) {
    throw new DeskhandError('FORBIDDEN', 'Only a person of the business closes out step by step.', {
      hint: 'Use ticket.close to do it in one call.',
    });
  }
  return insertRow(context, sessionRecord, { id: newId(), ticket_id: ticketId, member_id: id });
}

const sentences: Readonly<Record<Step, string>> = {
  work: 'Confirming duration, services and prices',
  notes: 'Writing the notes (or saying that there are none)',
  next: 'Saying what follows',
  review: 'The review',
  payment: 'Saying how it is paid',
  done: 'Nothing',
};

const verbs: Readonly<Record<Step, string>> = {
  work: 'confirm_work',
  notes: 'set_notes',
  next: 'set_next_service',
  review: 'complete',
  payment: 'payment_choice',
  done: 'start',
};
