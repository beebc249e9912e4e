import type { LevelReader } from '../core/kernel/registry/capabilities.ts';
import { type Domain, defineDomain } from '../core/kernel/registry/domain.ts';
import { allowAlways } from './allow-always.ts';
import { allowOnce } from './allow-once.ts';
import { deliverSecurityNotice, securityEventsView } from './attempts.ts';
import { cancelOwn } from './cancel-request.ts';
import { denyRequest } from './deny.ts';
import { expireRequests, expireTimer } from './expire-requests.ts';
import { grantsView } from './grants.ts';
import { indexedRequests } from './indexed.ts';
import { describeRules, effectiveLevel, ownLevel } from './levels.ts';
import { deliverNotice } from './notice.ts';
import { pauseAgent } from './pause-agent.ts';
import { permissionsView } from './permissions.ts';
import { approvalsWait } from './queries.ts';
import { requestsView } from './requests.ts';
import { resumeAgent } from './resume-agent.ts';
import { revokeGrant } from './revoke-grant.ts';
import { setLevel } from './set-level.ts';
import { outboundExpiryHours, requestExpiryHours } from './settings.ts';

export { gate } from './gate.ts';
export { levelsFor } from './permissions.ts';

/** How capabilities and the permission list read levels. */
export const levelReader: LevelReader = {
  level: (identity, action) => effectiveLevel(identity, action, ownLevel, action.spec.permission?.level),
  conditions: describeRules,
};

/** The queue as a domain: what waits, and which level each action has. */
export const authorizations: Domain = defineDomain({
  name: 'authorization',
  widens: 'what agents may do',
  summary: 'What agents may do alone, and what waits for the owner.',
  actions: [
    allowOnce,
    allowAlways,
    denyRequest,
    cancelOwn,
    setLevel,
    revokeGrant,
    pauseAgent,
    resumeAgent,
    expireRequests,
  ],
  views: [requestsView, permissionsView, grantsView, securityEventsView],
  waits: [approvalsWait],
  jobs: [deliverNotice, deliverSecurityNotice],
  settings: [requestExpiryHours, outboundExpiryHours],
  timers: [expireTimer],
  indexed: [indexedRequests],
});
