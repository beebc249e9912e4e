import { beforeAll, describe, expect, test } from 'vitest';
import { type Caller, roles } from '../../core/kernel/pipeline/context.ts';
import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { exampleInput } from './example-input.ts';
import { fingerprint } from './fingerprint.ts';
import { readyInput } from './ready-input.ts';
import { calls, isForForms, isForNobody } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';

/** Changes that leave no audit entry, with the reason. */
const changesNothingAudited = [
  'automation.start_on_timer', // events and runs are a log of their own
  'message.check_delivery', // writes nothing where the mail may leave, as it mostly may
  'payment.record_event', // a preview asks nobody outside what has been paid
  'payment.record_refund', // money that was handed back is not told of by Stripe
  'import.preview_csv', // only looks at a file
  'invoice.sync_setup', // a preview asks nobody outside for the draft
  'analytics.sum_days', // what days of work come to is derived from visits that are audited
  'export.expire', // no export is seven days old
  'deletion.carry_out', // nobody has asked for it
  'message.retry', // the outbox is its own record
  'passkey.begin_registration', // a random number for five minutes
  'passkey.begin_check',
  'search.rebuild', // search documents are derived from records that are audited
];
/** One press that asks nothing. */
const asksNothing = [
  'analytics.sum_days',
  'invoice.enable_stripe',
  'export.expire',
  'deletion.cancel',
  'deletion.carry_out',
];
/** What no preview shows as things are, and why. */
const refusedAnyway: Readonly<Record<string, string>> = {
  'deletion.ask': 'FORBIDDEN', // takes the device of an owner
  'deletion.cancel': 'INVALID_STATE', // nobody has asked for it
};
const office = useOffice();
let story: Story;
const byRole = new Map<string, Caller>();

beforeAll(async () => {
  const { bright, done } = office();
  story = await tellStory(office(), bright, 'Brightly');
  for (const role of roles) {
    const { id } = await done(bright.owner, 'member.create', {
      name: `The ${role}`,
      email: `${role}@brightpanes.example`,
      role,
    });
    byRole.set(role, { via: 'member', organization_id: bright.id, user_id: String(id) });
  }
});

const reasoning = 'The customer asked us to do so';
type Call = (typeof calls)[number];
const sample = (call: Call) => exampleInput(call, record => pickFrom(story, record));

/** The refusal of a call, or undefined when it went through. */
async function refusalOf(call: Promise<unknown>): Promise<DeskhandError | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof DeskhandError) return error;
    throw error;
  }
}

const preview = (caller: Caller, action: string, data: Record<string, unknown>): Promise<Outcome> =>
  office().act(caller, action, data, { preview: true, reasoning });

describe.each(calls.map(call => ({ id: call.id, call })))('$id', ({ id, call }) => {
  const { spec, inputSchema } = call;
  const members = Object.keys(inputSchema.properties ?? {});
  const required: unknown[] = Array.isArray(inputSchema.required) ? inputSchema.required : [];
  const humanOnly = spec.kind === 'action' && spec.human_only === true;

  test('is done by the roles it is for and refused to all others', async () => {
    const allowed: readonly string[] = spec.roles ?? ['owner', 'admin', 'member'];
    const refused: string[] = [];
    for (const [role, caller] of byRole) {
      const refusal = await refusalOf(preview(caller, id, sample(call)));
      if (refusal?.code === 'FORBIDDEN' && refusal.message.includes('Your role')) refused.push(role);
    }
    expect(refused).toEqual(roles.filter(role => !allowed.includes(role)));
  });

  test('wants a living key', async () => {
    const refusal = await refusalOf(preview({ via: 'key', key: 'dh_wrong' }, id, sample(call)));
    expect(refusal?.code).toBe('UNAUTHENTICATED');
  });

  test('does not reach our records with the key of another business', async () => {
    const refusal = await refusalOf(preview(office().clear.agent, id, sample(call)));
    const pointsSomewhere = call.refs.some(({ path }) => required.includes(path[0]));
    if (humanOnly) expect(refusal?.code).toBe('HUMAN_ONLY');
    else if (pointsSomewhere) expect(refusal?.code).toBe('NOT_FOUND');
    else expect(refusal?.code).not.toBe('INTERNAL_ERROR');
  });

  test('is for people only, or for agents too, as it says', async () => {
    const refusal = await refusalOf(preview(office().bright.agent, id, sample(call)));
    expect(refusal?.code === 'HUMAN_ONLY').toBe(humanOnly);
  });

  test('names the nearest member for one it does not know', async () => {
    expect(members.length > 0).toBe(!asksNothing.includes(id));
    for (const name of members) {
      const refusal = await refusalOf(
        preview(office().bright.owner, id, { ...sample(call), [`${name}_x`]: 1 }),
      );
      expect(refusal).toMatchObject({
        code: 'VALIDATION_ERROR',
        details: { field: `${name}_x`, did_you_mean: expect.arrayContaining([name]), valid_options: members },
      });
    }
  });

  test('names every member that is missing from an empty input', async () => {
    const refusal = await refusalOf(preview(office().bright.owner, id, {}));
    if (required.length === 0) {
      expect(refusal?.code).not.toBe('INTERNAL_ERROR');
      return;
    }
    const { field, problems } = refusal?.details ?? {};
    expect(refusal?.code).toBe('VALIDATION_ERROR');
    expect(problems?.map(problem => problem.field) ?? [field]).toEqual(required);
  });

  test('tells in a preview what it would change, answers by its schema and leaves nothing', async () => {
    const data = await ready(call);
    const before = await fingerprint(office().database.owner);
    if (refusedAnyway[id] !== undefined) {
      expect((await refusalOf(preview(callerFor(call), id, data)))?.code).toBe(refusedAnyway[id]);
      expect(await fingerprint(office().database.owner)).toEqual(before);
      return;
    }
    const outcome = await preview(callerFor(call), id, data);
    expect(outcome.status).toBe('preview');
    expect(await fingerprint(office().database.owner)).toEqual(before);
    expect(call.spec.output.parse(outcome.data.result)).toEqual(outcome.data.result);
    const changes = spec.kind === 'action' ? !changesNothingAudited.includes(id) : spec.uses.length > 0;
    if (changes) expect(outcome.data.would_change).not.toEqual([]);
  });

  if (spec.kind === 'action' && spec.permission.level === 'soft_limit' && !humanOnly) {
    test('wants a reason of an agent, and a reason is more than a word', async () => {
      const { act, bright } = office();
      const data = await ready(call);
      const say = (extra: { reasoning?: string }) =>
        refusalOf(act(bright.agent, id, data, { preview: true, ...extra }));
      expect((await say({}))?.code).toBe('REASONING_REQUIRED');
      expect((await say({ reasoning: 'ok ok ok' }))?.code).toBe('REASONING_REQUIRED');
      expect((await say({ reasoning }))?.code).toBeUndefined();
    });
  }
});

/** Somebody who may do it: the owner, or what is no person where nobody of the business does it. */
function callerFor(call: Call): Caller {
  const { bright } = office();
  if (isForForms(call)) return { via: 'form', key: pickFrom(story, 'form key') };
  return isForNobody(call) ? { via: 'system', organization_id: bright.id, name: 'worker' } : bright.owner;
}

/** A request whose time is over. */
async function leaveOldRequest(): Promise<void> {
  const { act, bright } = office();
  const { data } = await act(
    bright.agent,
    'organization.update_settings',
    { name: 'Old name' },
    { reasoning },
  );
  await asTableOwner(
    office(),
    `update authorization_requests set expires_at = '2000-01-01' where reference = $1`,
    [data.request],
  );
}

/** A visit of a series whose customer is to be reminded, and nothing is planned yet. */
async function leaveVisitWithinReach(): Promise<void> {
  await asTableOwner(office(), 'update series set notify_customer = true', []);
  await asTableOwner(
    office(),
    `update tickets
    set scheduled_at = '2026-11-25T01:00:00Z',
      ends_at = timestamptz '2026-11-25T01:00:00Z' + make_interval(mins => duration_minutes)
    where id = (select id from tickets where series_id is not null and status = 'scheduled' order by id limit 1)`,
    [],
  );
}

/** A bill that is overdue, in a business that reminds of such, and nobody is reminded yet. */
async function leaveOverdueBill(): Promise<void> {
  const { bright, done } = office();
  const lines = [{ description: 'Ladder', unit_price_cents: 9_000 }];
  const { id } = await done(bright.owner, 'invoice.create', {
    contact_id: pickFrom(story, 'contact'),
    lines,
  });
  await done(bright.owner, 'invoice.finalize', { invoice_id: id });
  await asTableOwner(office(), `update invoices set due_on = '2026-11-01' where id = $1`, [id]);
  const settings = { remind_of_overdue_bills: 'on' };
  await done(bright.owner, 'organization.update_settings', { settings });
}

/** An input with which the call goes through, and whatever has to be there beforehand. */
async function ready(call: Call): Promise<Record<string, unknown>> {
  if (call.spec.name === 'expire_requests') await leaveOldRequest();
  if (call.spec.name === 'make_visits')
    await asTableOwner(office(), 'update series set made_until = null', []);
  if (call.spec.name === 'plan_mails') await leaveVisitWithinReach();
  if (call.spec.name === 'plan_reminders') await leaveOverdueBill();
  return readyInput(office(), story, call);
}

test('an agent’s note is removed for good once it has said why', async () => {
  const { act, bright, read } = office();
  const outcome = await act(bright.agent, 'note.delete', { note_id: pickFrom(story, 'note') }, { reasoning });
  expect(outcome).toMatchObject({ status: 'done', data: { deleted: true } });
  const [entry] = await read(bright.owner, 'audit_log', {
    params: { entity_type: 'note', action: 'delete' },
  });
  expect(entry).toMatchObject({ domain_action: 'note.delete', reasoning });
});
