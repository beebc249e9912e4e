import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';
import { momentOf, standing } from './standing.ts';

const panes = useBrightPanes();
let made = 0;

type Data = Record<string, unknown>;

/** What an office does all day, to one customer, one visit and one lead. */
const steps: Readonly<Record<string, (about: About, n: number) => [action: string, data: Data]>> = {
  rename: ({ contact }, n) => ['contact.update', { contact_id: contact, full_name: `Nora Field the ${n}th` }],
  mail: ({ contact }, n) => ['contact.update', { contact_id: contact, email: `m${n % 3}@example.com` }],
  numbers: ({ contact }, n) => [
    'contact.update',
    { contact_id: contact, phones: [{ number: `(256) 555-0${100 + n}`, type: 'mobile', primary: true }] },
  ],
  clear: ({ contact }) => ['contact.update', { contact_id: contact, notes: 'x', tags: [] }],
  prefers: ({ contact }, n) => [
    'contact.set_preferences',
    { contact_id: contact, time_of_day: n % 2 ? 'morning' : 'afternoon' },
  ],
  note: ({ contact }, n) => [
    'note.create',
    { contact_id: contact, content: `Cat number ${n}`, extract: 'now' },
  ],
  fact: ({ contact }, n) => [
    'attribute.set',
    { contact_id: contact, key: n % 2 ? 'pet' : 'gate_code', value: `v${n % 4}` },
  ],
  address: ({ contact }, n) => ['address.create', { contact_id: contact, line1: `${n} Maple Walk` }],
  call: ({ contact }, n) => [
    'interaction.create',
    {
      contact_id: contact,
      type: 'phone_call',
      direction: 'inbound',
      subject: `Call ${n}`,
      follow_up_at: '2026-12-01T09:00',
    },
  ],
  talk: ({ lead }, n) => [
    'interaction.create',
    { lead_id: lead, type: 'meeting', subject: `Talk ${n}`, outcome: n % 2 ? 'spoke' : 'sent_proposal' },
  ],
  stage: ({ lead }, n) => [
    'lead.set_stage',
    { lead_id: lead, pipeline_stage: n % 2 ? 'qualified' : 'proposal' },
  ],
  later: ({ lead }, n) => [
    'lead.set_reminder',
    { lead_id: lead, reminder_at: `2026-12-${10 + (n % 9)}T09:00` },
  ],
  move: ({ visit, day }, n) => [
    'ticket.reschedule',
    {
      ticket_id: visit,
      scheduled_at: `${day}T${String(8 + (n % 8)).padStart(2, '0')}:00`,
      notify_customer: n % 2 === 0,
    },
  ],
  work: ({ visit }, n) => ['ticket.add_line', { ticket_id: visit, service_id: 'S-3', quantity: 1 + n }],
  price: ({ visit }, n) => ['ticket.update_line', { ticket_id: visit, line_id: '1', quantity: 1 + n }],
  words: ({ visit }, n) => ['ticket.update', { ticket_id: visit, notes: `Words ${n}` }],
  bill: ({ contact }, n) => [
    'invoice.create',
    { contact_id: contact, lines: [{ description: `Ladder ${n}`, unit_price_cents: 100 * n }] },
  ],
  letter: ({ contact }, n) => [
    'message.schedule',
    { contact_id: contact, subject: `Hello ${n}`, body: 'Shall we come again?', send_at: '2026-12-20T09:00' },
  ],
  gone: ({ lead }) => ['lead.archive', { lead_id: lead }],
  firm: ({ contact }, n) => ['company.create', { name: `Firm ${n} of ${contact}` }],
};

interface About {
  contact: string;
  visit: string;
  lead: string;
  day: string;
}

async function somebody(): Promise<About> {
  const { dana, done, book } = panes();
  made += 1;
  const contact = String(
    (
      await done(dana, 'contact.create', {
        full_name: `Nora Field${made}`,
        email: 'm0@example.com',
        notes: 'Old',
        tags: ['weekly'],
      })
    ).reference,
  );
  const { id: address_id } = await done(dana, 'address.create', {
    contact_id: contact,
    line1: `${made} Elm`,
  });
  const day = `2027-0${1 + (made % 9)}-${String(1 + (made % 28)).padStart(2, '0')}`;
  const visit = String(
    (
      await book(`${day}T09:00`, {
        contact_id: contact,
        address_id,
        lines: [{ service_id: 'S-3', quantity: 4 }],
      })
    ).reference,
  );
  const { reference } = await done(dana, 'lead.create', { full_name: `Lead ${made}`, follow_up: false });
  return { contact, visit, lead: String(reference), day };
}

const history = fc.array(
  fc.record({ what: fc.constantFrom(...Object.keys(steps)), n: fc.integer({ min: 1, max: 40 }) }),
  { minLength: 1, maxLength: 7 },
);

test('whatever was done, taking it back from the last to the first leaves the database as it was', async () => {
  const { dana, act, database } = panes();
  await fc.assert(
    fc.asyncProperty(history, async calls => {
      const about = await somebody();
      const since = await momentOf(database.owner);
      const before = await standing(database.owner, since);
      const words: string[] = [];
      for (const { what, n } of calls) {
        const [action, data] = steps[what]?.(about, n) ?? ['', {}];
        // What is refused, or changes nothing, has nothing to be taken back.
        const stood = await standing(database.owner, since);
        const outcome = await act(dana, action, data).catch(() => undefined);
        if (outcome && !isEqual(stood, await standing(database.owner, since)))
          words.push(String(outcome.undo));
      }
      for (const of of words.toReversed()) await act(dana, 'undo', { of });
      expect(await standing(database.owner, since)).toEqual(before);
    }),
    { numRuns: examples(15) },
  );
});

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
