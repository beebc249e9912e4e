import { z } from 'zod';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { as } from '../support/business.ts';
import type { Entry, OfficeRequest } from './requests/request.ts';
import type { Morning } from './world.ts';

/** One row that is not as it was in the morning. */
export interface Change {
  /** `ticket`, `contact`, … as the audit trail calls it. */
  kind: string;
  id: string;
  /** `create`, `update: total_cents`, … newest last. */
  what: string[];
}

/** What is different in the books since they were opened, and what the owner asked to see. */
export interface Findings {
  changes: Change[];
  /** Where mail has gone, or will. */
  mails: string[];
  /** Actions that wait for the owner. */
  waiting: string[];
  /** The rows of each entry of the request. */
  rows: { entry: Entry; rows: Record<string, unknown>[] }[];
}

const logged = z.array(
  z.object({
    entity_type: z.string(),
    entity_id: z.string(),
    action: z.string(),
    changes: z.record(z.string(), z.unknown()),
  }),
);
const addressed = z.array(z.object({ to: z.string() }));
const asked = z.array(z.object({ id: z.string(), action: z.string() }));

/** What is left behind, asked for or not: the briefing that was read, and the mark on a call that was taken back. */
const unheeded = ['briefing', 'call'];

/** Kinds of messages that come and go with the time of a visit, by themselves. What goes out of them counts as mail. */
const followsFromVisit = [
  ...['confirmation', 'confirmation_follow_up', 'reminder', 'moved', 'change_accepted', 'cancellation'],
];

/**
 * Does what people did before the request, then remembers how the books stand. Answers what is found in them later.
 */
export async function openBooks(morning: Morning, request: OfficeRequest): Promise<() => Promise<Findings>> {
  for (const { by, action, data } of request.before ?? []) {
    await morning.act(callerOf(morning, by), action, data);
  }
  const before = z.tuple([z.object({ id: z.string(), jobs: z.array(z.string()) })]).parse(
    await morning.sql(
      `select (select id::text from audit_log order by id desc limit 1) as id,
                (select coalesce(json_agg(id), '[]') from jobs) as jobs`,
    ),
  )[0];
  const waitedBefore = new Set((await pending(morning)).map(({ id }) => id));
  return async () => ({
    changes: gather(
      logged.parse(
        await morning.sql(
          `select entity_type, entity_id::text, action, changes
          from audit_log
          where id > $1::uuid
            and not exists (
              select from scheduled_messages as m where m.id = entity_id and m.kind = any ($2::text[])
            )
          order by id`,
          [before.id, followsFromVisit],
        ),
      ),
    ),
    mails: addressed
      .parse(
        await morning.sql(
          `select payload ->> 'to' as to from jobs where kind = 'email' and not id = any ($1::uuid[]) order by id`,
          [before.jobs],
        ),
      )
      .map(({ to }) => to),
    waiting: (await pending(morning)).filter(({ id }) => !waitedBefore.has(id)).map(({ action }) => action),
    rows: await Promise.all(
      (request.books ?? []).map(async entry => ({ entry, rows: await look(morning, entry) })),
    ),
  });
}

const callerOf = ({ business }: Morning, by: 'owner' | 'office' | 'agent'): Caller =>
  ({ owner: business.owner, office: as(business, 'Dana'), agent: business.agent })[by];

/** What waits for the owner, with what the request is called in the database. */
const pending = async ({ sql }: Morning) =>
  asked.parse(
    await sql(`select id::text, action from authorization_requests where status = 'pending' order by id`),
  );

function look({ read }: Morning, { type, id, where, search, filter, fields, include }: Entry) {
  const query: ReadQuery = {
    ...(id === undefined ? {} : { id }),
    ...(where === undefined ? {} : { params: where }),
    ...(search === undefined ? {} : { search }),
    ...(filter === undefined ? {} : { filter }),
    ...(fields === undefined ? {} : { fields: [...fields] }),
    ...(include === undefined ? {} : { include: [...include] }),
  };
  return read(type, query);
}

function gather(entries: z.infer<typeof logged>): Change[] {
  const rows = new Map<string, Change>();
  for (const { entity_type, entity_id, action, changes } of entries) {
    if (unheeded.includes(entity_type)) continue;
    const key = `${entity_type} ${entity_id}`;
    const change = rows.get(key) ?? { kind: entity_type, id: entity_id, what: [] };
    change.what.push(action === 'update' ? `update: ${Object.keys(changes).join(', ')}` : action);
    rows.set(key, change);
  }
  return [...rows.values()];
}
