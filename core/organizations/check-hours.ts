import type { BusinessHours } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';

/** Throws VALIDATION_ERROR at `field` for pairs that are no times, or are not in order. */
export function checkHours(
  hours: Readonly<Partial<Record<keyof BusinessHours, BusinessHours['mon'] | undefined>>>,
  field: string,
): void {
  for (const [day, spans] of Object.entries(hours)) {
    let last = '';
    for (const [from, to] of spans ?? []) {
      const sound = /^([01]\d|2[0-3]):[0-5]\d$/.test(from) && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(to);
      if (sound && from < to && from >= last) {
        last = to;
        continue;
      }
      throw invalid(
        `${field}.${day}`,
        `${quoteStart(from, 20)} to ${quoteStart(to, 20)} is not an opening time.`,
        {
          got: [from, to],
          hint: 'Give pairs in order, such as [["08:00","12:00"],["13:00","17:00"]]; [] means closed.',
        },
      );
    }
  }
}
