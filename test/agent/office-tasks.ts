import { expect } from 'vitest';
import { z } from 'zod';
import type { BrightPanes } from '../support/bright-panes.ts';
import type { Desk } from './desk.ts';

/** One thing people ask of the office, the shortest way to it, and how the books stand afterwards. */
export interface OfficeTask {
  /** As the owner or a caller says it. */
  request: string;
  work(desk: Desk): Promise<void>;
  /** Looks at the database as the owner. */
  check(office: BrightPanes): Promise<void>;
}

/** What the agent told whoever asked; the tasks that only ask leave nothing else behind. */
const said: Record<string, unknown> = {};

const one = async (office: BrightPanes, type: string, id: string, more: Record<string, unknown> = {}) => {
  const [row] = await office.read(office.olivia, type, { id, ...more });
  return row;
};

const nothingChanged = async (office: BrightPanes) => {
  expect(
    await office.read(office.olivia, 'tickets', { params: { from: '2026-11-18', to: '2026-11-18' } }),
  ).toHaveLength(3);
};

/** Twenty-two of them, in the order of one day. */
export const officeTasks: readonly OfficeTask[] = [
  {
    request: 'Good morning. What is on today?',
    async work(desk) {
      said.briefing = await desk.use('daily_briefing', {});
    },
    async check(office) {
      expect(JSON.stringify(said.briefing)).toMatch(/Jane Smith.*Priya Patel.*Doris Lang/);
      expect(await office.read(office.olivia, 'briefings')).toHaveLength(1);
    },
  },
  {
    request: 'Somebody called from 256 555 0162 and hung up. Who was that?',
    async work(desk) {
      said.caller = await desk.use('find_customer', { query: '256 555 0162' });
    },
    async check(office) {
      expect(said.caller).toMatchObject({ booking_context: { full_name: '«Tom Alvarez»' } });
      await nothingChanged(office);
    },
  },
  {
    request: 'The elderly lady in Owens Cross Roads: what was her dog called?',
    async work(desk) {
      said.dog = await desk.use('find_customer', { query: 'the elderly lady in Owens Cross Roads' });
    },
    async check() {
      expect(said.dog).toMatchObject({ booking_context: { full_name: '«Eleanor Whitfield»' } });
      expect(JSON.stringify(said.dog)).toContain('Biscuit');
    },
  },
  {
    request: 'Which customers had their screens cleaned last spring? I want to write to them.',
    async work(desk) {
      said.spring = await desk.use('find_customer', { service: 'screen cleaning', period: 'last spring' });
    },
    async check() {
      const { customers } = z
        .object({ customers: z.array(z.looseObject({ full_name: z.string() })) })
        .parse(said.spring);
      expect(customers.map(({ full_name }) => full_name).sort()).toEqual(['«Priya Patel»', '«Tom Alvarez»']);
    },
  },
  {
    request:
      'A man called: "Peter Falk, 256-555-0171, 9 Rock Cliff Pl in Madison, wants gutters cleaned, rather soon." Take it down and see that we call him back.',
    async work(desk) {
      await desk.use('process_lead', {
        raw_notes:
          'Peter Falk, 256-555-0171, 9 Rock Cliff Pl in Madison, wants gutters cleaned, rather soon.',
        source: 'phone_call',
      });
    },
    async check(office) {
      const [lead] = await office.read(office.olivia, 'leads', {
        search: 'Falk',
        fields: ['full_name', 'phone', 'extraction_status', 'status'],
      });
      expect(lead).toMatchObject({
        full_name: 'Peter Falk',
        phone: '+12565550171',
        extraction_status: 'unconfirmed',
      });
      const due = await office.read(office.olivia, 'follow_ups');
      expect(JSON.stringify(due)).toContain('Falk');
    },
  },
  {
    request: 'Mrs Hart cannot make it on Thursday. She asks for Friday at ten.',
    async work(desk) {
      await desk.use('handle_reschedule_request', {
        contact_id: 'Mrs Hart',
        scheduled_at: '2026-11-20T10:00',
        reasoning: 'Mrs Hart called and asked for Friday at ten',
      });
    },
    async check(office) {
      expect(await one(office, 'tickets', 'T-2008')).toMatchObject({ status: 'cancelled' });
      const [moved] = await office.read(office.olivia, 'tickets', {
        params: { contact_id: 'Mrs Hart', status: 'scheduled' },
        fields: ['scheduled_at', 'rescheduled_from_id', 'total_cents'],
      });
      const old = await one(office, 'tickets', 'T-2008');
      expect(moved).toMatchObject({
        scheduled_at: '2026-11-20T16:00:00.000Z',
        rescheduled_from_id: old?.id,
        total_cents: 15_000,
      });
    },
  },
  {
    request: 'Book Jane Smith for twenty screens next Monday morning, whoever is free.',
    async work(desk) {
      const wish = { contact_id: 'Jane Smith', lines: [{ service_id: 'Screen Cleaning', quantity: 20 }] };
      const { data } = z
        .object({ data: z.object({ slots: z.array(z.object({ starts_at: z.string() })) }) })
        .parse(
          await desk.use('schedule_appointment', {
            ...wish,
            from: '2026-11-23',
            to: '2026-11-23',
            preference: 'morning',
          }),
        );
      await desk.use('schedule_appointment', { ...wish, scheduled_at: data.slots[0]?.starts_at });
    },
    async check(office) {
      const [visit] = await office.read(office.olivia, 'tickets', {
        params: { contact_id: 'Jane Smith', from: '2026-11-23', to: '2026-11-23' },
        include: ['technicians'],
      });
      expect(visit).toMatchObject({ total_cents: 10_000, technicians: [expect.anything()] });
    },
  },
  {
    request: 'Jane told me her gate sticks and that there is a second dog now, Pepper. Write that down.',
    async work(desk) {
      await desk.act('note.create', {
        contact_id: 'Jane Smith',
        content: 'The gate sticks. Second dog named Pepper.',
        extract: 'now',
      });
    },
    async check(office) {
      const facts = await office.read(office.olivia, 'attributes', { params: { contact_id: 'Jane Smith' } });
      expect(facts).toContainEqual(
        expect.objectContaining({ key: 'pet', value: 'dog', details: { name: 'Pepper' } }),
      );
    },
  },
  {
    request: 'Tom Alvarez has a new e-mail address, tom@alvarez.example.',
    async work(desk) {
      await desk.act('contact.update', { contact_id: 'Tom Alvarez', email: 'tom@alvarez.example' });
    },
    async check(office) {
      expect(await one(office, 'contacts', 'Tom Alvarez')).toMatchObject({ email: 'tom@alvarez.example' });
    },
  },
  {
    request: 'Doris Lang is ill. Call off this afternoon.',
    async work(desk) {
      await desk.act(
        'ticket.cancel',
        { ticket_id: 'T-2007' },
        { reasoning: 'The customer is ill and called it off' },
      );
    },
    async check(office) {
      expect(await one(office, 'tickets', 'T-2007')).toMatchObject({
        status: 'cancelled',
        cancel_reason: expect.stringContaining('ill'),
      });
    },
  },
  {
    request: 'Nobody is going to Priya Patel at eleven. Send Tess.',
    async work(desk) {
      await desk.act('ticket.assign_technician', { ticket_id: 'T-2006', technician_id: 'Tess' });
    },
    async check(office) {
      expect(await one(office, 'tickets', 'T-2006', { include: ['technicians'] })).toMatchObject({
        technicians: [{ name: 'Tess' }],
      });
    },
  },
  {
    request: 'When is Theo free for two hours on Thursday afternoon?',
    async work(desk) {
      said.free = await desk.query('availability', {
        where: {
          from: '2026-11-19',
          to: '2026-11-19',
          technician_id: 'Theo',
          duration_minutes: 120,
          preference: 'afternoon',
        },
        limit: 5,
      });
    },
    async check() {
      expect(said.free).toContainEqual(expect.objectContaining({ technician: 'Theo' }));
    },
  },
  {
    request: 'Robert Miles wants us. Make him a customer and book windows for Tuesday at one.',
    async work(desk) {
      const { contact } = z
        .object({ contact: z.looseObject({ reference: z.string() }) })
        .parse(await desk.act('lead.convert', { lead_id: 'Robert Miles' }));
      await desk.use('schedule_appointment', {
        contact_id: contact.reference,
        lines: ['Interior and Exterior Window Cleaning'],
        scheduled_at: '2026-11-24T13:00',
      });
    },
    async check(office) {
      expect(await one(office, 'leads', 'L-1001', { fields: ['status'] })).toMatchObject({
        status: 'converted',
      });
      const visits = await office.read(office.olivia, 'tickets', { params: { contact_id: 'Robert Miles' } });
      expect(visits).toMatchObject([{ scheduled_at: '2026-11-24T19:00:00.000Z', status: 'scheduled' }]);
    },
  },
  {
    request: 'Gina Foster says we are too expensive. Close that inquiry.',
    async work(desk) {
      await desk.act('lead.disqualify', { lead_id: 'Gina Foster', reason: 'budget' });
    },
    async check(office) {
      expect(
        await one(office, 'leads', 'L-1002', { fields: ['status', 'disqualification_reason'] }),
      ).toMatchObject({ status: 'disqualified', disqualification_reason: 'budget' });
    },
  },
  {
    request: 'Harold Beck’s number was written down wrong, it is 256 555 0183. The rest is right.',
    async work(desk) {
      await desk.act(
        'lead.confirm_extraction',
        { lead_id: 'L-1003', corrections: { phone: '256 555 0183' } },
        { reasoning: 'The owner corrected the number and said the rest is right' },
      );
    },
    async check(office) {
      expect(await one(office, 'leads', 'L-1003', { fields: ['phone', 'extraction_status'] })).toMatchObject({
        phone: '+12565550183',
        extraction_status: 'confirmed',
      });
    },
  },
  {
    request: 'Remind us on Friday at nine to call Harold Beck.',
    async work(desk) {
      await desk.act('lead.set_reminder', { lead_id: 'Harold Beck', reminder_at: '2026-11-20T09:00' });
    },
    async check(office) {
      expect(await one(office, 'leads', 'L-1003', { fields: ['reminder_at'] })).toMatchObject({
        reminder_at: '2026-11-20T15:00:00.000Z',
      });
    },
  },
  {
    request: 'Add Nora Quinn, (256) 555-0177, 18 Zierdt Rd, Madison AL 35758.',
    async work(desk) {
      const { reference } = await desk.act('contact.create', {
        full_name: 'Nora Quinn',
        phone: '(256) 555-0177',
      });
      await desk.act('address.create', {
        contact_id: reference,
        line1: '18 Zierdt Rd',
        city: 'Madison',
        state: 'AL',
        postal_code: '35758',
      });
    },
    async check(office) {
      const found = await office.read(office.olivia, 'contacts', {
        search: 'Quinn Zierdt',
        include: ['addresses'],
      });
      expect(found).toMatchObject([{ full_name: 'Nora Quinn', addresses: [{ line1: '18 Zierdt Rd' }] }]);
    },
  },
  {
    request: 'Doris Lang would rather have us in the morning, and only Tess.',
    async work(desk) {
      await desk.act('contact.set_preferences', {
        contact_id: 'Doris Lang',
        time_of_day: 'morning',
        technician_id: 'Tess',
      });
    },
    async check(office) {
      expect(await one(office, 'contacts', 'Doris Lang', { fields: ['preferences'] })).toMatchObject({
        preferences: { time_of_day: 'morning' },
      });
    },
  },
  {
    request: 'Take Ruth Bell out of our books, she moved away.',
    async work(desk) {
      said.removal = await desk.use('crm_action', {
        action: 'contact.delete',
        data: { contact_id: 'Ruth Bell' },
        reasoning: 'The customer has moved away, the owner says',
      });
    },
    async check(office) {
      expect(said.removal).toMatchObject({ status: 'pending_authorization' });
      expect(await one(office, 'contacts', 'Ruth Bell')).toMatchObject({ status: 'active' });
      expect(await office.read(office.olivia, 'authorization_requests', { filter: 'pending' })).toHaveLength(
        1,
      );
    },
  },
  {
    request: 'What became of what you asked me?',
    async work(desk) {
      said.answer = await desk.query('authorization_requests', {
        id: 'R-1',
        fields: ['status', 'decision_note'],
      });
    },
    async check() {
      expect(said.answer).toMatchObject([{ status: 'pending' }]);
    },
  },
  {
    request: 'Priya’s gutters cost 180 this time, the house is higher.',
    async work(desk) {
      await desk.act('ticket.update_line', { ticket_id: 'T-2006', line_id: '1', unit_price_cents: 18_000 });
    },
    async check(office) {
      expect(await one(office, 'tickets', 'T-2006')).toMatchObject({ total_cents: 18_000 });
    },
  },
  {
    request: 'Can you change the opening hours? How would that work?',
    async work(desk) {
      said.how = await desk.query('search', { search: 'opening hours' });
    },
    async check() {
      expect(JSON.stringify(said.how)).toContain('organization.update_settings');
    },
  },
  {
    request:
      'Theo says Priya is done: 95 minutes, price as agreed, a parrot in the sunroom. Write to her in six months.',
    async work(desk) {
      said.closed = await desk.act(
        'ticket.close',
        {
          ticket_id: 'T-2006',
          duration_minutes: 95,
          notes: 'Parrot in the sunroom, keep the door shut.',
          next_service: 'reach_out',
          reach_out_months: 6,
        },
        { reasoning: 'Theo has finished the visit' },
      );
    },
    async check(office) {
      expect(await one(office, 'tickets', 'T-2006')).toMatchObject({ status: 'closed', total_cents: 18_000 });
      expect(said.closed).toMatchObject({ message_id: expect.stringMatching(/^M-1001 «/) });
    },
  },
  {
    request: 'Send her the bill.',
    async work(desk) {
      const { reference } = await desk.act('invoice.create_from_ticket', { ticket_id: 'T-2006' });
      await desk.act('invoice.send', { invoice_id: reference }, { reasoning: 'The owner asked for it' });
    },
    async check(office) {
      expect(await one(office, 'invoices', 'INV-2026-001')).toMatchObject({
        status: 'sent',
        total_cents: 18_000,
      });
    },
  },
];
