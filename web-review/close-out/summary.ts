import { redact } from '../../core/kernel/words/redaction.ts';
import { showDuration } from '../format.ts';
import { type Closeout, money, monthsWords, nextWords, type StepName } from './closeout.ts';
import { factWords } from './facts.ts';
import { ofStep, type Typed } from './typed.ts';
import { typedLines } from './work-lines.ts';

/**
 * What somebody wrote in a close-out, as a text that can be copied or kept as a note, when it can be saved no other way:
 * what they have just typed, and what was saved before as far as `closeout` tells it.
 */
export function summaryOf(typed: Typed, closeout?: Closeout, timeZone = 'UTC'): string {
  const has = (step: StepName) => Object.keys(ofStep(typed, step)).length > 0;
  const words = [
    ...(has('work') ? workWords(typed, closeout) : confirmedWork(closeout)),
    has('notes') ? (typed.notes ?? '') : (closeout?.notes ?? ''),
    has('next') ? typedNext(typed) : ((closeout && nextWords(closeout, timeZone)) ?? ''),
    ...factWords(typed),
    ...paymentWords(typed),
  ];
  return redact(words.filter(Boolean).join('\n')).text;
}

function workWords(typed: Typed, closeout: Closeout | undefined): string[] {
  const { hours = '', minutes = '', shown_lines } = typed;
  const took = `Took ${hours || '0'} h ${minutes || '0'} min`;
  if (shown_lines) return [took, shown_lines];
  const names = new Map(closeout?.work.lines.map(line => [line.line_id, line.description]));
  return [
    took,
    ...typedLines(typed).map(({ n, id, isDone, quantity, price = '' }) => {
      const count = quantity === undefined ? '' : `${quantity} × `;
      return `${names.get(id) ?? `Service ${n}`}: ${isDone ? `${count}${price}` : 'not done'}`;
    }),
  ];
}

function confirmedWork(closeout: Closeout | undefined): string[] {
  if (closeout?.work.duration_from !== 'confirmed') return [];
  const { duration_minutes, lines, total_cents } = closeout.work;
  return [
    `Took ${showDuration(duration_minutes)}`,
    ...lines.map(line => `${line.description}: ${money(closeout, line.total_cents)}`),
    `Total ${money(closeout, total_cents)}`,
  ];
}

function typedNext({ next_service, slot = '', when = '', months = '', months_other = '' }: Typed): string {
  if (next_service === 'no') return 'No follow-up';
  if (next_service === 'reach_out')
    return `A mail to the customer in ${monthsWords(Number(months_other || months))}`;
  return next_service === 'yes' ? `Next visit ${slot === '' || slot === 'other' ? when : slot}` : '';
}

const paymentWords = ({
  payment_choice,
  payment_method = '',
  amount = '',
  check_number = '',
  email = '',
  reason = '',
  reason_more = '',
}: Typed): string[] =>
  payment_choice === undefined
    ? []
    : [
        [
          payment_choice.replaceAll('_', ' '),
          payment_method,
          amount,
          check_number,
          email,
          reason,
          reason_more,
        ]
          .filter(Boolean)
          .join(', '),
      ];
