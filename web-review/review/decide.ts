import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { type Answer, type PageRequest, type Redirect, recordOf, textOf } from '../site.ts';
import { readLimits } from './always.ts';
import { readTyped } from './decide-forms.ts';
import { showRequest } from './request-page.ts';

export type Decision = 'allow_once' | 'allow_always' | 'deny';

const outcome = z.object({
  request: z.string(),
  status: z.enum(['succeeded', 'failed', 'stale', 'denied']),
  error: z.looseObject({ message: z.string().optional() }).nullable(),
  replaced_by: z.string().nullable(),
  warnings: z.array(z.string()),
});
type Outcome = z.infer<typeof outcome>;

/** What the page of the request can say better than a page about an error. */
export const sayable: readonly string[] = ['CONFLICT', 'INVALID_STATE', 'VALIDATION_ERROR'];

/** Decides about what was shown. A second press, or another person's, finds it decided and says by whom (MAQ-19). */
export async function decide(pageRequest: PageRequest, decision: Decision): Promise<Answer> {
  const { body } = pageRequest.http;
  const typed = readTyped(body);
  try {
    const outcome = told(
      await send(pageRequest, {
        decision,
        request: recordOf(pageRequest),
        digest: textOf(body, 'digest'),
        note: typed.note,
        more:
          decision === 'deny'
            ? {}
            : {
                ...(decision === 'allow_always' &&
                  limitsOf(body, pageRequest.identity.organization.currency)),
                ...saidIn(body),
              },
      }),
      decision,
    );
    return textOf(body, 'back') === 'list' ? backToList(outcome) : outcome;
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    if (!sayable.includes(error.code) && error.details.field !== 'sign_in') throw error;
    const whole = error.details.field === 'seen' || textOf(body, 'seen') !== '';
    return showRequest(pageRequest, {
      refused: { problem: problemOf(error), status: error.status, typed },
      whole,
    });
  }
}

/** Who decided on a card goes on with the others; what came out otherwise is looked at where it stands. */
function backToList({ redirect, said }: Redirect): Redirect {
  if (!said || redirect.includes('?was=')) return { redirect, ...(said ? { said } : {}) };
  return { redirect: '/review', said: { ...said, way: { to: redirect, label: 'See what was decided' } } };
}

/** What the form of an approval says besides: that the whole was shown, and the passkey's answer. */
const saidIn = (body: unknown): object =>
  Object.fromEntries(
    ['seen', 'passkey'].flatMap(name => (textOf(body, name) === '' ? [] : [[name, textOf(body, name)]])),
  );

/** Sends one decision through the pipeline; refusals are thrown as they are. */
export async function send(
  { site, caller, facts }: PageRequest,
  {
    decision,
    request,
    digest,
    note,
    more = {},
  }: { decision: Decision; request: string; digest: string; note: string; more?: object },
) {
  const { data, warnings } = await site.app.execute(
    caller,
    {
      action: `authorization.${decision}`,
      data: {
        request,
        digest,
        ...(note.trim() === '' ? {} : { note }),
        ...more,
      },
    },
    facts,
  );
  const ended = outcome.parse(data);
  return { ...ended, warnings: [...warnings, ...ended.warnings] };
}

function limitsOf(body: unknown, currency: string): object {
  const limits = readLimits(body, currency);
  return Object.keys(limits).length === 0 ? {} : { limits };
}

function problemOf({ message, details }: DeskhandError): string {
  if (details.field === 'digest')
    return 'What is stored is not what your page showed. Look at it again; nothing was done.';
  if (details.field === 'seen') return 'Read what goes out first, all of it. Nothing was done yet.';
  if (typeof details.decided_by === 'string')
    return `${message} ${details.decided_by} has decided it already.`;
  return message;
}

function told({ request, status, error, replaced_by, warnings }: Outcome, decision: Decision): Redirect {
  const here = `/review/${request}`;
  const said = (done: string): Redirect => ({ redirect: here, said: { done, warnings } });
  const message = error?.message ?? '';
  if (status === 'denied') return said('Denied. The agent reads it, with your note.');
  if (status === 'failed') return said(`It failed, and nothing was changed. ${message}`);
  if (status === 'succeeded') {
    return said(decision === 'allow_always' ? 'Done, and allowed from now on.' : 'Done.');
  }
  if (replaced_by === null) return said(`Nothing was done. ${message}`);
  return {
    redirect: `/review/${replaced_by}?was=${request}`,
    said: { done: 'Nothing was done, because something changed. Look at what would happen now.', warnings },
  };
}
