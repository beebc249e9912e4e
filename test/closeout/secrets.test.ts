import { beforeEach, describe, expect, test } from 'vitest';
import { fingerprint } from '../contracts/fingerprint.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { useCloseOuts } from './desk.ts';

// Card numbers never stay (SAN-01, SAN-05…08): a technician types what the customer says, wherever there is a field.

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const card = '4242 4242 4242 4242';
const joined = '4012888888881881';
const removed = (place: string) => `A card number was removed from ${place}: such numbers are not kept here.`;
const facts = [
  { key: 'payment_note', value: `card ${card}`, details: { other: joined } },
  { key: 'card', value: Number(joined) },
];
/** Where they stand in those facts. */
const inFacts = ['attributes.0.value', 'attributes.0.details.other', 'attributes.1.value'];
const inFactsInWords = [
  'the value of the first attribute',
  '"other" in the details of the first attribute',
  'the value of the second attribute',
];

let events = 0;
beforeEach(async () => {
  const { rows } = await panes().database.owner.query('select count(*)::integer as n from security_events');
  events = rows[0]?.n;
});

/** The security events of this test: where, and what kind. */
async function told() {
  const { rows } = await panes().database.owner.query(
    `select action, field, details, actor_name from security_events order by id offset $1`,
    [events],
  );
  return rows.map(({ action, field, details, actor_name }) => [action, field, details.kinds, actor_name]);
}

/** Everything the database holds, as one text. */
async function everything(): Promise<string> {
  const { owner } = panes().database;
  const { rows } = await owner.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  const texts = await Promise.all(
    rows.map(({ name }) => owner.query(`select json_agg(t)::text as text from "${name}" as t`)),
  );
  return texts.map(({ rows: [row] }) => String(row?.text)).join('\n');
}

async function expectNowhere(): Promise<void> {
  const all = await everything();
  expect(all.match(/4242[ -]?4242|4012[ -]?8888/g)).toBeNull();
  expect(all).toContain('[REDACTED CARD ..4242]');
}

/** Does a step as Theo with a key, so that its answer is kept too; answers its warnings. */
async function step(name: string, ticket_id: string, data: Record<string, unknown>): Promise<string[]> {
  const key = { idempotency_key: `${name} ${ticket_id}` };
  const call = { ticket_id, ...data };
  return (await panes().act(panes().theo, `closeout.${name}`, call, key)).warnings;
}

describe('a card number in a close-out', () => {
  test('does not stay in the notes, nor in what becomes of them', async () => {
    const ticket = await desk.visit({ contact_id: await desk.customer() });
    await desk.step('confirm_work', ticket, { duration_minutes: 75 });
    const notes = `Dog named Biscuit. Pays with ${card}.`;
    expect(await step('set_notes', ticket, { notes })).toEqual([removed('"notes"')]);
    expect(await told()).toEqual([['closeout.set_notes', 'notes', ['CARD'], 'Theo']]);
    const { review, notes: kept } = await desk.step('set_next_service', ticket, { next_service: 'no' });
    expect(kept).toBe('Dog named Biscuit. Pays with [REDACTED CARD ..4242].');
    await step('complete', ticket, { review });
    const [note] = await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } });
    expect(note?.content).toBe(kept);
    await expectNowhere();
  });

  test('does not stay in the facts, reviewed or handed in with the last press; who typed it is told', async () => {
    for (const name of ['review', 'complete']) {
      const contact = await desk.customer();
      const ticket = await desk.visit({ contact_id: contact });
      const { review } = await desk.toReview(ticket);
      const before = (await told()).length;
      expect(await step(name, ticket, { review, attributes: facts })).toEqual(inFactsInWords.map(removed));
      expect((await told()).slice(before)).toEqual(
        inFacts.map(field => [`closeout.${name}`, field, ['CARD'], 'Theo']),
      );
      if (name === 'review') await step('complete', ticket, { review });
      const rows = await panes().read(panes().dana, 'attributes', { params: { contact_id: contact } });
      expect(rows.map(({ key, value, details }) => ({ key, value, details }))).toEqual(
        expect.arrayContaining([
          {
            key: 'payment_note',
            value: 'card [REDACTED CARD ..4242]',
            details: { other: '[REDACTED CARD ..1881]' },
          },
          { key: 'card', value: '[REDACTED CARD ..1881]', details: {} },
        ]),
      );
      await expectNowhere();
    }
  });

  test('does not stay in the reason why nothing is billed', async () => {
    const ticket = await desk.visit();
    const { review } = await desk.toReview(ticket);
    await desk.step('complete', ticket, { review });
    const skip = { payment_choice: 'skip', reason: `Paid with ${card}` };
    expect(await step('payment_choice', ticket, skip)).toEqual([removed('"reason"')]);
    expect(await told()).toEqual([['closeout.payment_choice', 'reason', ['CARD'], 'Theo']]);
    await expectNowhere();
  });

  test('does not stay in the text of a line', async () => {
    const ticket = await desk.visit();
    const lines = [{ line_id: '1', description: `Gutters ${card}`, unit_price_cents: 1500 }];
    expect(await step('confirm_work', ticket, { duration_minutes: 75, lines })).toEqual([
      removed('the description of the first line'),
    ]);
    expect(await told()).toEqual([['closeout.confirm_work', 'lines.0.description', ['CARD'], 'Theo']]);
    expect(await desk.shown(ticket)).toMatchObject({
      work: { lines: [{ description: 'Gutters [REDACTED CARD ..4242]' }] },
    });
    await expectNowhere();
  });

  test('nor in a refused step: a refusal leaves nothing but that there was one, and says nothing of it', async () => {
    const ticket = await desk.visit();
    const before = await fingerprint(panes().database.owner);
    const refused = await desk.refused('set_notes', ticket, { notes: card });
    expect(JSON.stringify(refused)).not.toContain('4242');
    const { security_events } = await fingerprint(panes().database.owner);
    expect(await fingerprint(panes().database.owner)).toEqual({ ...before, security_events });
    expect(await told()).toEqual([['closeout.set_notes', 'notes', ['CARD'], 'Theo']]);
    await expectNowhere();
  });

  test('that reaches the table by SQL is taken out by the database', async () => {
    const ticket = await desk.visit();
    await desk.toReview(ticket, { notes: 'x' });
    await asTableOwner(
      panes(),
      `update closeout_sessions
      set notes = $2, payment_reason = $2
      where ticket_id = (select id from tickets where reference = $1)`,
      [ticket, `says ${card}`],
    );
    const [row] = await panes().read(panes().dana, 'closeout_sessions', {
      params: { ticket_id: ticket },
      fields: ['notes', 'payment_reason'],
    });
    expect(row).toMatchObject({
      notes: 'says [REDACTED CARD ..4242]',
      payment_reason: 'says [REDACTED CARD ..4242]',
    });
    await expectNowhere();
  });
});

describe('a visit that is closed in one call', () => {
  const data = (ticket_id: string) => ({
    ticket_id,
    duration_minutes: 60,
    notes: `Pays with ${card}.`,
    next_service: 'no',
    attributes: facts,
  });

  test('keeps none either', async () => {
    const { act, theo } = panes();
    const ticket = await desk.visit({ contact_id: await desk.customer() });
    const { warnings } = await act(theo, 'ticket.close', data(ticket), {
      idempotency_key: `close ${ticket}`,
    });
    expect(warnings).toEqual(['"notes"', ...inFactsInWords].map(removed));
    expect((await told()).map(([action, field]) => [action, field])).toEqual([
      ['ticket.close', 'notes'],
      ...inFacts.map(field => ['ticket.close', field]),
    ]);
    await expectNowhere();
  });

  test('none waits for the owner either, in what an agent asks for, and none comes by being allowed', async () => {
    const { act, done, read, agent, olivia } = panes();
    const level = { action: 'ticket.close', level: 'requires_authorization' };
    const { id } = await done(olivia, 'authorization.set_level', level);
    const contact = await desk.customer();
    const ticket = await desk.visit({ contact_id: contact });
    const reasoning = 'Theo told me that it is done';
    const asked = await act(agent, 'ticket.close', data(ticket), { reasoning });
    expect(asked.status).toBe('pending_authorization');
    await expectNowhere();
    const request = String(asked.data.request);
    const [row] = await read(olivia, 'authorization_requests', { id: request });
    await done(olivia, 'authorization.allow_once', { request, digest: row?.digest });
    expect(await desk.effects(ticket)).toMatchObject({ status: 'closed', notes: 1, facts: 2 });
    await expectNowhere();
    await done(olivia, 'authorization.revoke_grant', { id });
  });
});

test('what only looks like a card number stays (SAN-08), and prices and durations are never touched', async () => {
  const ticket = await desk.visit();
  const notes = 'Call 256-555-0142 about order ORD-20260115-000123.';
  await desk.step('confirm_work', ticket, {
    duration_minutes: 75,
    lines: [{ line_id: '1', description: 'Gutters, serial 4242424242424241', unit_price_cents: 42_424_242 }],
  });
  expect(await step('set_notes', ticket, { notes })).toEqual([]);
  expect(await desk.shown(ticket)).toMatchObject({
    notes,
    work: { lines: [{ description: 'Gutters, serial 4242424242424241', total_cents: 42_424_242 }] },
  });
  expect(await told()).toEqual([]);
});
