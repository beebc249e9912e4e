import { z } from 'zod';
import { defineLog } from '../kernel/records/log-view.ts';
import { filterBy } from '../kernel/records/record.ts';
import { failedLately, goesOut, inState, outboxColumns } from './queries.ts';
import { deliveries } from './record.ts';

const states = z.enum(['waiting', 'delivered', 'dead']);
/** What is asked for besides: what somebody may want to look after. */
const asked = z.enum([...states.options, 'failed']);

/** What waits, went out, or could not be delivered (the visible dead-letter state). */
export const outbox = defineLog({
  type: 'outbox',
  domain: 'message',
  summary:
    'What goes out: waiting, delivered and dead deliveries, newest first; work inside the house by its kind, or when it failed.',
  keywords: ['e-mail', 'sent', 'queue', 'failed', 'dead letter'],
  from: 'jobs',
  columns: outboxColumns,
  row: z.object({
    id: z.string(),
    kind: z.string(),
    state: states,
    payload: z.record(z.string(), z.unknown()),
    attempts: z.number(),
    last_error: z.string().nullable(),
    result: z.record(z.string(), z.unknown()).nullable(),
    run_at: z.string(),
    done_at: z.string().nullable(),
    dead_at: z.string().nullable(),
    delivery: z.enum(deliveries).nullable(),
    delivery_at: z.string().nullable(),
    delivery_reason: z.string().nullable(),
    created_at: z.string(),
  }),
  named: {
    state: filterBy(asked, (_context, state) => (state === 'failed' ? failedLately : inState[state])),
  },
  exactly: { kind: z.string().max(60) },
  only: (context, { kind }) => (kind ? [] : [goesOut(context)]),
  default_fields: ['id', 'kind', 'state', 'payload', 'attempts', 'last_error', 'created_at'],
});
