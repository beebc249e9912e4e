import { beforeAll, describe, expect, test } from 'vitest';
import { parseInput } from '../../core/kernel/words/parse-input.ts';
import { type BrightPanes, useBrightPanes } from '../support/bright-panes.ts';
import { answerOf } from './answers.ts';
import { calls, isForNobody } from './registered.ts';

describe('the example of every action and workflow', () => {
  for (const { id, spec, inputSchema } of calls) {
    test(`${id} is a valid input, written with the members’ own names`, () => {
      expect(spec.example).toBeDefined();
      const { example = {} } = spec;
      expect(parseInput(spec.input, inputSchema, example, { aliases: {} })).toMatchObject(example);
    });
  }
});

/** What an example answers in the story where it is not done. Nothing may be refused as not valid. */
const refusedHere: Readonly<Record<string, string>> = {
  'agent.create': 'CONFLICT', // is there already
  'agent.revoke_key': 'NOT_FOUND', // keys, challenges, digests and ids are never the same twice
  'secret.remove': 'NOT_FOUND', // none is set
  'message.retry': 'NOT_FOUND',
  'passkey.register': 'VALIDATION_ERROR',
  'passkey.remove': 'NOT_FOUND',
  'session.end': 'NOT_FOUND',
  'calendar_feed.revoke': 'NOT_FOUND',
  'connection.end': 'NOT_FOUND',
  'passkey.begin_check': 'FORBIDDEN', // nobody has a passkey yet
  'authorization.allow_once': 'NOT_FOUND',
  'authorization.allow_always': 'NOT_FOUND',
  'authorization.deny': 'NOT_FOUND',
  'authorization.revoke_grant': 'NOT_FOUND',
  'authorization.cancel_request': 'NOT_FOUND', // is an agent’s own
  'authorization.resume_agent': 'INVALID_STATE', // is not paused
  'contact.delete': 'INVALID_STATE', // has a visit to come
  'deletion.ask': 'FORBIDDEN', // nobody has a passkey yet
  'deletion.cancel': 'INVALID_STATE', // nobody has asked
  'lead.reopen': 'INVALID_STATE', // is open
  'invoice.create_from_ticket': 'INVALID_STATE', // the visit is not closed yet
  'invoice.void': 'INVALID_STATE',
  'invoice.enable_stripe': 'INVALID_STATE', // there is no key of Stripe
  'invoice.open_checkout': 'INVALID_STATE', // is a draft, and there is no key of Stripe
  'ticket.clock_out': 'INVALID_STATE', // nobody is clocked in
  'ticket.rebook': 'INVALID_STATE', // is not cancelled
  'ticket.accept_change': 'INVALID_STATE', // its customer asks for no other time
  'closeout.set_notes': 'INVALID_STATE', // the step before comes first
  'closeout.set_next_service': 'INVALID_STATE',
  'closeout.review': 'INVALID_STATE',
  'closeout.look_again': 'INVALID_STATE',
  'closeout.complete': 'INVALID_STATE',
  'closeout.payment_choice': 'INVALID_STATE',
  'closeout.check_payment': 'INVALID_STATE', // nobody took money
  'waitlist.create': 'CONFLICT', // waits already
};

/** What is brought back has to be deleted first; everything else is done. */
const expected = (id: string) => refusedHere[id] ?? (id.endsWith('.restore') ? 'INVALID_STATE' : 'done');

const panes = useBrightPanes();

/** One of everything the examples speak of. */
beforeAll(async () => {
  const { book, done, act, dana, olivia, agent, setClock } = panes();
  await book('2026-11-18T09:00', {
    technician_ids: ['Theo'],
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
  });
  await done(agent, 'note.create', {
    contact_id: 'C-1001',
    content: 'Gate 12.',
    attributes: [{ key: 'pet', value: 'dog' }],
  });
  await done(dana, 'company.create', { name: 'Bright Offices' });
  await done(dana, 'lead.create', {
    raw_notes: 'Robert Miles called.',
    fields: { full_name: 'Robert Miles' },
  });
  const lines = [{ description: 'Ladder', unit_price_cents: 90_000 }];
  await done(olivia, 'invoice.create', { contact_id: 'C-1001', lines });
  const { reference: paid } = await done(olivia, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(olivia, 'invoice.record_payment', { invoice_id: paid, amount_cents: 90_000 });
  await done(olivia, 'lead_form.create', { name: 'Website' });
  await done(dana, 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Shall we come again?',
    body: 'Hello Jane',
    send_at: '2026-12-01T09:00',
  });
  await done(olivia, 'import.square', {
    content: 'First Name,Last Name,Email Address,Phone Number,Square Customer ID\nAda,Imported,,,SQ-1\n',
  });
  const { reference: twin } = await done(dana, 'contact.create', { full_name: 'Jane Smith' });
  await done(dana, 'contact.merge', { contact_id: 'C-1001', merged_contact_id: twin });
  await act(agent, 'contact.delete', { contact_id: 'C-1002' }, { reasoning: 'They asked us to forget them' });
  await makeTheRest(panes());
  const free = { scheduled_at: '2026-12-03T09:00', technician_id: 'Theo', to: ['WL-1'] };
  await done(dana, 'waitlist.offer', free);
  setClock('2026-11-18T09:30:00-06:00');
});

/** Records of which there is none yet are made as the example of their create says; the other examples speak of that one. */
async function makeTheRest({ app, done, read, olivia }: BrightPanes): Promise<void> {
  for (const { name, plural } of app.registry.records.values()) {
    const example = app.registry.actions.get(`${name}.create`)?.spec.example;
    if (example && (await read(olivia, plural, { limit: 1 })).length === 0)
      await done(olivia, `${name}.create`, { ...example });
  }
}

describe('the example of an action, tried in the story', () => {
  for (const call of calls.filter(call => !isForNobody(call))) {
    test(call.id, async () => {
      const { act, olivia } = panes();
      const { code } = await answerOf(
        () => act(olivia, call.id, { ...call.spec.example }, { preview: true }),
        [],
      );
      expect({ [call.id]: code }).toEqual({ [call.id]: expected(call.id) });
    });
  }
});
