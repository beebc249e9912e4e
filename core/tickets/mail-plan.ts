import { Temporal } from 'temporal-polyfill';
import type { Organization } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { atLocal, dayBounds } from '../kernel/words/time.ts';
import type { MessageKind } from '../messages/record.ts';
import { answers } from './record.ts';
import { followUpHours, lastCallHours, mostFollowUps, sendsReminders } from './settings.ts';
import type { Ticket } from './ticket.ts';

/** What is written to a customer about when a visit is. What was done there, and what comes months later, is not. */
export const aboutTheTime: readonly MessageKind[] = [
  'confirmation',
  'confirmation_follow_up',
  'reminder',
  'moved',
  'change_accepted',
  'change_offer',
];

/** An e-mail that a visit as it stands calls for at a time to come. */
export interface PlannedMail {
  kind: 'confirmation_follow_up' | 'reminder';
  send_at: Temporal.Instant;
  /** After this it says something that is not so, or too late: it is left out. */
  send_before: Temporal.Instant;
}

type Standing = Pick<
  Ticket,
  'status' | 'confirmation_status' | 'scheduled_at' | 'told_at' | 'is_reminded' | 'created_at'
>;

/** The time it is, and the business it is about. */
export interface Clocked {
  readonly now: Temporal.Instant;
  readonly organization: Pick<Organization, 'time_zone' | 'settings'>;
}

/** When the reminder of the day before goes, on the wall of the business (EML-08). */
const remindsAt = Temporal.PlainTime.from('09:00');
/** Nobody is asked again so soon after they were asked, nor so shortly before we come. */
const apart_hours = 12;
const tooLate_hours = 4;

/**
 * The e-mails a visit as it stands calls for besides those that tell what was done (OPQ-19, EML-07, EML-08): whoever was asked and
 * has not answered is asked again, twice at most; whoever comes is reminded the day before at nine, unless they were told on
 * that day or the day before. It follows from the visit alone, so that whatever happens to a visit, the same rule says what
 * still goes out.
 */
export function mailsOf(context: Clocked, visit: Standing): PlannedMail[] {
  const starts = Temporal.Instant.from(visit.scheduled_at);
  const isToCome = visit.status === 'scheduled' && Temporal.Instant.compare(starts, context.now) > 0;
  return isToCome ? [...followUpsOf(context, visit, starts), ...reminderOf(context, visit, starts)] : [];
}

function followUpsOf(
  context: Clocked,
  { confirmation_status, told_at }: Standing,
  starts: Temporal.Instant,
): PlannedMail[] {
  if (confirmation_status !== 'pending' || told_at === null) return [];
  const asked = Temporal.Instant.from(told_at);
  const send_before = starts.subtract({ hours: tooLate_hours });
  const wanted = [
    asked.add({ hours: settingOf(context, followUpHours) }),
    starts.subtract({ hours: settingOf(context, lastCallHours) }),
  ].sort(Temporal.Instant.compare);
  let last = asked;
  const apart = wanted.filter(send_at => {
    const isApart = Temporal.Instant.compare(send_at, last.add({ hours: apart_hours })) >= 0;
    const isInTime = Temporal.Instant.compare(send_at, send_before) < 0;
    if (isApart && isInTime) last = send_at;
    return isApart && isInTime;
  });
  return apart
    .slice(0, settingOf(context, mostFollowUps))
    .map(send_at => ({ kind: 'confirmation_follow_up', send_at, send_before }));
}

function reminderOf(
  context: Clocked,
  { is_reminded, confirmation_status, told_at, created_at }: Standing,
  starts: Temporal.Instant,
): PlannedMail[] {
  const cannotCome = confirmation_status === 'declined' || confirmation_status === 'modify_requested';
  if (!is_reminded || cannotCome || !settingOf(context, sendsReminders)) return [];
  const { time_zone } = context.organization;
  const dayOf = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(time_zone).toPlainDate();
  const eve = dayOf(starts).subtract({ days: 1 });
  const told = Temporal.Instant.from(told_at ?? created_at);
  // A row has the time of the database, which may be ahead of ours: nobody was told later than now.
  const toldBy = Temporal.Instant.compare(told, context.now) > 0 ? context.now : told;
  // Booked within a day: they were just told.
  if (Temporal.PlainDate.compare(dayOf(toldBy), eve) >= 0) return [];
  const send_at = atLocal(eve.toPlainDateTime(remindsAt), time_zone);
  // It says "tomorrow".
  return [{ kind: 'reminder', send_at, send_before: dayBounds(eve, time_zone).to }];
}

/**
 * Why a message about a visit is not to go out as things are, in a sentence; undefined when it may. Asked again when its time
 * has come: a server that was off for a week says nothing that is not so any more.
 */
export function whyNotAnyMore(context: Clocked, visit: Ticket, kind: MessageKind): string | undefined {
  if (!aboutTheTime.includes(kind)) return undefined;
  if (visit.status === 'cancelled') return 'The visit was cancelled.';
  if (visit.status === 'closed') return 'The visit is done.';
  const hasBegun = Date.parse(visit.scheduled_at) <= context.now.epochMilliseconds;
  if (visit.status === 'in_progress' || hasBegun) return 'The visit has begun already.';
  if (kind !== 'confirmation_follow_up' && kind !== 'reminder') return undefined;
  const isAnswered = answers.some(answer => answer === visit.confirmation_status);
  if (kind === 'confirmation_follow_up' && isAnswered) return 'The customer has answered.';
  if (!visit.is_reminded) return undefined;
  const mails = mailsOf(context, visit).filter(mail => mail.kind === kind);
  if (mails.length === 0) return 'The visit calls for none any more.';
  const isTooLate = mails.every(
    ({ send_before }) => send_before.epochMilliseconds <= context.now.epochMilliseconds,
  );
  return isTooLate ? 'It was too late for it.' : undefined;
}
