import { withoutSecrets } from '../attributes/facts.ts';
import type { ProposedAttribute } from '../extraction/record.ts';
import { noteByRules } from '../extraction/rules/note.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { digestOfReview } from './answer.ts';
import { type ExtractionState, extractionStates, type Session } from './record.ts';

/** Whatever a person types can hold a card number, facts too (SAN-01). */
export async function withoutSecretsAll(
  context: Context,
  facts: readonly ProposedAttribute[],
): Promise<ProposedAttribute[]> {
  const clean: ProposedAttribute[] = [];
  for (const fact of facts) clean.push(await withoutSecrets(context, 'closeout.review', fact));
  return clean;
}

/** The facts that were shown while the reading of the notes was so far: what was found since, nobody has seen. */
export function shownAt(session: Session, seen: ExtractionState) {
  const { extraction_status, extracted_by, attributes, notes } = session;
  if (seen === extraction_status) return { extraction_status, extracted_by, attributes };
  // What the model had found is not there any more; before it answers, rules have read.
  const byRules = seen === 'done' ? [] : noteByRules(notes ?? '').attributes;
  return { extraction_status: seen, extracted_by: 'rules' as const, attributes: byRules };
}

/** How far the reading of the notes was when this was reviewed. Throws CONFLICT when something else was reviewed. */
export function seenOnline(session: Session, review: string | undefined): ExtractionState {
  if (review === undefined) {
    throw invalid('review', 'Look at everything before it is frozen.', {
      hint: 'Hand back "review" of the answer that shows it.',
    });
  }
  const seen = extractionStates.find(state => digestOfReview(session, state) === review);
  if (seen !== undefined) return seen;
  throw new DeskhandError('CONFLICT', 'This is not what you reviewed: something was changed since.', {
    field: 'review',
    hint: 'Look at the review again and complete it then.',
  });
}
