import { z } from 'zod';
import { noteFields, type ProposedAttribute } from '../extraction/record.ts';
import { hashInput } from '../kernel/pipeline/idempotency.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { closeVisit } from '../tickets/close.ts';
import { ticketClosed } from '../tickets/events.ts';
import { answerCloseout } from './answer.ts';
import { nextOf, type Session } from './record.ts';
import { seenOnline, shownAt, withoutSecretsAll } from './reviewed.ts';
import { closeoutStep, digestOf, saveSession, sessionAt } from './session.ts';

const offline = z.strictObject({
  duration_minutes: z.int(),
  total_cents: z.int(),
});

/** Closes the visit with everything that was confirmed, or with nothing (CLO-08, CLO-18). */
export const completeCloseout = defineAction({
  ...closeoutStep,
  name: 'complete',
  undo: 'none',
  verb: 'close out',
  past: 'closed out',
  object: 'the visit',
  example: { ticket_id: 'T-2001' },
  summary: 'Complete a visit after its review; this is final.',
  keywords: ['complete ticket', 'finish', 'close'],
  emits: [ticketClosed.name],
  touches: ['email', 'llm'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    review: digestOf('review of what was shown'),
    offline: offline
      .optional()
      .meta({ description: 'instead of review: what a phone without signal showed' }),
    attributes: noteFields.shape.attributes
      .optional()
      .meta({ description: 'the facts that hold; as reviewed when left out' }),
  }),
  async run(context, { ticket_id, review, offline, attributes }) {
    const { ticket, session } = await sessionAt(context, ticket_id, 'review');
    const seen = offline ? seenOffline(session, offline) : seenOnline(session, review);
    const next = nextOf(session);
    if (session.duration_minutes === null || session.lines === null || !next) {
      throw new Error('a close-out at its review has steps missing');
    }
    const shown = seen === 'offline' ? shownOffline(session) : shownAt(session, seen).attributes;
    const kept = await withoutSecretsAll(context, attributes ?? session.reviewed_attributes ?? shown);
    const closed = await closeVisit(context, ticket, {
      duration_minutes: session.duration_minutes,
      lines: session.lines,
      notes: session.notes ?? '',
      facts: { attributes: kept, dropped: missingFrom(kept, shown), is_confirmed: true },
      isToBeRead: seen === 'offline' || seen === 'pending' || seen === 'failed',
      next,
    });
    const saved = await saveSession(context, session.id, {
      reviewed_attributes: kept,
      is_reviewed_offline: seen === 'offline',
      completed_at: context.now.toString(),
      note_id: closed.note_id ?? null,
      next_ticket_id: closed.next_ticket_id ?? null,
      message_id: closed.message_id ?? null,
    });
    return answerCloseout(context, ticket.id, saved);
  },
});

/** Without signal nobody saw what was found, so nothing of it was validated, unless it was before. */
const shownOffline = ({ attributes, reviewed_attributes }: Session) =>
  reviewed_attributes === null ? [] : attributes;

/** What a phone without signal showed must be what is about to be frozen. */
function seenOffline(session: Session, shown: z.output<typeof offline>): 'offline' {
  if (shown.duration_minutes === session.duration_minutes && shown.total_cents === session.total_cents) {
    return 'offline';
  }
  throw new DeskhandError('CONFLICT', 'Duration or total are not what your phone showed.', {
    field: 'offline',
    hint: 'Look at the review and complete it there; everything you wrote is kept.',
  });
}

const missingFrom = (kept: readonly ProposedAttribute[], shown: readonly ProposedAttribute[]) => {
  const held = new Set(kept.map(factKey));
  return shown.filter(fact => !held.has(factKey(fact)));
};

const factKey = ({ key, value, details }: ProposedAttribute) => hashInput([key, value, details ?? {}]);
