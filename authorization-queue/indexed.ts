import { referenceTerms } from '../core/kernel/records/references.ts';
import { type Indexed, listIds } from '../core/kernel/search/indexed.ts';
import { listOwnRequests, listRequestWords } from './indexed-queries.ts';

/**
 * What waits and what became of it, as search finds it (UNI-02): by what was asked for, by the records it was about as
 * they were called then, and by the reasons that were given. How it stands changes by itself when its time is over, so that
 * is no word of it. An agent finds its own only.
 */
export const indexedRequests: Indexed = {
  kind: 'authorization_request',
  view: 'authorization_requests',
  async documents(context, ids) {
    return (await listRequestWords(context, ids)).map(request => {
      const asked = request.action.replace(/[._]/g, ' ');
      const targets = request.targets.flatMap(({ reference, label }) => [reference ?? '', label]);
      return {
        id: request.id,
        reference: request.reference,
        title: `${request.action} ${request.targets.map(({ label }) => label).join(', ')}`.trim(),
        detail: request.rule_reason,
        names: [asked, ...targets].join(' '),
        terms: referenceTerms(request.reference).join(' '),
        body: [request.rule_reason, request.reasoning, request.decision_note].filter(Boolean).join('\n'),
      };
    });
  },
  listIds: (context, after, limit) => listIds(context, 'authorization_requests', after, limit),
  inSight: context => (context.actor.kind === 'agent' ? listOwnRequests(context) : undefined),
};
