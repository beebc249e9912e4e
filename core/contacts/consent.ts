import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { invalid } from '../kernel/words/errors.ts';
import { findConsent } from './queries.ts';
import type { Contact } from './record.ts';

// Whom we may write to of our own accord is the customer's to say. An agent writes down that they said so with
// `contact.record_consent` alone, which names where, when and how; and it signs nobody up again by itself.

type Wish = Pick<Contact, 'status' | 'email_opt_in'>;

/** Whether a customer has said that they want no e-mails we write of our own accord. */
export const isUnsubscribed = ({ status, email_opt_in }: Wish): boolean =>
  status === 'unsubscribed' || email_opt_in === false;

/** Throws VALIDATION_ERROR when an agent would record consent, or take a refusal away, by changing a customer. */
export function requireNoConsent(
  { actor }: Context,
  given: Partial<Contact>,
  before: Wish | undefined,
): void {
  if (actor.kind !== 'agent') return;
  const says = 'is not changed by an agent without saying where it comes from';
  if (given.email_opt_in === true && before?.email_opt_in !== true) {
    throw invalid('email_opt_in', `That a customer agreed ${says}.`, { hint });
  }
  const { status } = given;
  if (before?.status === 'unsubscribed' && status !== undefined && status !== 'unsubscribed') {
    throw invalid('status', `That a customer unsubscribed ${says}.`, { hint });
  }
}

const hint =
  'Use contact.record_consent with where, said_on and how. Who unsubscribed before is signed up again by the owner’s approval.';

/**
 * Why a customer is not written to of our own accord: they said so, or somebody with the same e-mail address did and this
 * one has not agreed since. Undefined when nothing speaks against it.
 */
export async function whyUnwanted(
  context: ReadContext,
  contact: Pick<Contact, 'id'> & Wish,
): Promise<string | undefined> {
  if (isUnsubscribed(contact)) return 'this customer unsubscribed before';
  if (contact.email_opt_in === true) return undefined;
  const { alike } = await findConsent(context, contact.id);
  return alike === null ? undefined : `${alike} has the same e-mail address and unsubscribed before`;
}

/** Signing somebody up again who unsubscribed waits for a person; `isAbout` leaves out calls that do nothing of the kind. */
export const subscribesAgain = <Input extends { contact_id: string }>(
  isAbout: (input: Input) => boolean = () => true,
): Rule<Input> => ({
  name: 'subscribes_again',
  level: 'requires_authorization',
  summary: 'when the customer unsubscribed before',
  async applies(context, input) {
    if (!isAbout(input)) return undefined;
    const { own, alike } = await findConsent(context, input.contact_id);
    if (own !== null && isUnsubscribed(own)) return 'this customer unsubscribed before';
    return alike === null ? undefined : `${alike} has the same e-mail address and unsubscribed before`;
  },
});
