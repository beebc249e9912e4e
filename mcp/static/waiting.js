import { el, moment, pageLink, plain, words } from './words.js';

// What waits for the owner, or was decided. It shows and leads to the page where it is decided, which wants a sign-in; here
// nothing is decided.

const stands = {
  pending: 'waits for the owner',
  approved: 'was allowed and runs',
  executing: 'was allowed and runs',
  succeeded: 'was allowed and is done',
  failed: 'was allowed and did not work',
  denied: 'was not allowed',
  expired: 'was not decided in time',
  canceled: 'was taken back',
  stale: 'no longer fits and has to be asked for again',
};

function paintOne(request, { host, pageOf }) {
  const { reference, state, asks_for, reason, note, until, url } = request;
  const isOpen = state === 'pending';
  return el(
    'section',
    {},
    el('h1', {}, `${plain(reference)} ${stands[state] ?? words(state)}`),
    el('p', { dir: 'auto' }, plain(asks_for ?? reason)),
    note && el('p', { dir: 'auto' }, `The owner says: ${plain(note)}`),
    isOpen && until && el('p', { className: 'soft' }, `Until ${moment(until)}. Nothing is decided here.`),
    pageLink(host, url ?? pageOf(reference), isOpen ? 'Open the page where it is decided' : 'Open its page'),
  );
}

/** What it asks for, in words: the answer of the call that waits does not say it. */
async function wordsOf(reference, host) {
  if (!host.can('serverTools')) return undefined;
  const args = { type: 'authorization_requests', id: plain(reference) };
  return (await host.read('crm_query', args))?.rows?.[0]?.asks_for;
}

/** The answer of a call that waits, or whose request was decided. */
export async function paintWaiting({ status, data }, context) {
  const { request, state, reason, decision_note, expires_at, review_url } = data;
  return paintOne(
    {
      reference: request,
      state: status === 'decided' ? state : 'pending',
      asks_for: await wordsOf(request, context.host),
      reason: / is set to \w+$/.test(reason) ? 'The owner wants to be asked about this.' : reason,
      note: decision_note,
      until: expires_at,
      url: review_url,
    },
    context,
  );
}

/** Whether an answer waits for the owner, or says what was decided. */
export const waits = ({ status }) => status === 'pending_authorization' || status === 'decided';

/** Requests as a list answers them. */
export function paintRequests({ rows }, context) {
  if (rows.length === 0) return undefined;
  return el(
    'div',
    {},
    rows.map(({ reference, status, asks_for, rule_reason, decision_note, expires_at }) =>
      paintOne(
        { reference, state: status, asks_for, reason: rule_reason, note: decision_note, until: expires_at },
        context,
      ),
    ),
  );
}
