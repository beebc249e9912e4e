import { beforeAll, describe, expect, it } from 'vitest';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const notes =
  'Elderly woman, very nice. Dog named Biscuit, keep gate closed. Complex sill on 2nd story, brought extension ladder.';

describe('the close-out of the example (CLO-17)', () => {
  const panes = useBrightPanes();
  let reference: string;

  beforeAll(async () => {
    const { book, bright } = panes();
    const ticket = await book('2026-11-18T09:00', {
      duration_minutes: 210,
      lines: [{ service_id: 'S-2' }, { service_id: 'S-3', quantity: 20 }],
      technician_ids: [bright.people.Theo?.id],
    });
    reference = String(ticket.reference);
  });

  it('goes step by step from the work to the invoice', async () => {
    const { done, theo, read, setClock, dana } = panes();
    setClock('2026-11-18T09:04:00-06:00');
    await done(theo, 'ticket.clock_in', { ticket_id: reference });
    setClock('2026-11-18T12:26:00-06:00');
    await done(theo, 'ticket.clock_out', { ticket_id: reference });

    const [begun] = await read(theo, 'closeout', { params: { ticket_id: reference } });
    expect(begun).toMatchObject({
      step: 'work',
      started_at: null,
      work: { duration_minutes: 202, duration_from: 'clock' },
    });

    const worked = await done(theo, 'closeout.confirm_work', {
      ticket_id: reference,
      duration_minutes: 202,
      lines: [{ line_id: '1', unit_price_cents: 56_200 }],
      price_confirmed: true,
    });
    expect(worked).toMatchObject({
      step: 'notes',
      work: { total_cents: 66_200, duration_from: 'confirmed' },
    });
    const noted = await done(theo, 'closeout.set_notes', { ticket_id: reference, notes });
    expect(noted).toMatchObject({ step: 'next', extraction_status: 'done', extracted_by: 'rules' });
    const chosen = await done(theo, 'closeout.set_next_service', {
      ticket_id: reference,
      next_service: 'reach_out',
      reach_out_months: 6,
    });
    expect(chosen).toMatchObject({ step: 'review', next_service: 'reach_out', reach_out_months: 6 });
    const [open] = await read(dana, 'tickets', { id: reference });
    expect(open?.status).toBe('in_progress');

    const completed = await done(theo, 'closeout.complete', { ticket_id: reference, review: chosen.review });
    expect(completed).toMatchObject({ step: 'payment', ticket_status: 'closed' });
    const ticket = await show('tickets', { id: reference, include: ['line_items'] });
    expect(ticket).toMatchObject({
      status: 'closed',
      actual_minutes: 202,
      total_cents: 66_200,
      closed_by: 'Theo',
      closed_at: '2026-11-18T18:26:00.000Z',
      is_price_estimated: false,
      line_items: [
        { description: 'Interior and Exterior Window Cleaning', quantity: 1, total_cents: 56_200 },
        { description: 'Screen Cleaning', quantity: 20, unit_price_cents: 500, total_cents: 10_000 },
      ],
    });
    expect(await show('contacts', { id: 'C-1001' })).toMatchObject({ lifecycle_stage: 'customer' });
    expect(await show('notes', { params: { ticket_id: reference } })).toMatchObject({
      content: notes,
      source: 'close_out',
      extraction_status: 'done',
      extracted_by: null,
    });
    const facts = await read(dana, 'attributes', { params: { contact_id: 'C-1001' } });
    expect(
      facts.map(({ key, value, details, source, is_confirmed }) => ({
        key,
        value,
        details,
        source,
        is_confirmed,
      })),
    ).toEqual(
      expect.arrayContaining(
        [
          { key: 'customer_demographic', value: 'elderly', details: {} },
          { key: 'pet', value: 'dog', details: { name: 'Biscuit' } },
          { key: 'property_note', value: 'keep gate closed', details: {} },
          { key: 'equipment_needed', value: 'extension ladder', details: {} },
          { key: 'property_detail', value: 'complex 2nd story sill', details: {} },
        ].map(fact => ({ ...fact, source: 'ticket', is_confirmed: true })),
      ),
    );
    expect(facts).toHaveLength(5);
    expect(await show('scheduled_messages', { params: { ticket_id: reference } })).toMatchObject({
      kind: 'outreach',
      status: 'pending',
      send_at: '2027-05-18T14:00:00.000Z',
    });

    const paid = await done(theo, 'closeout.payment_choice', {
      ticket_id: reference,
      payment_choice: 'send_invoice',
    });
    expect(paid).toMatchObject({ step: 'done', payment_choice: 'send_invoice' });
    expect(await show('invoices', { params: { ticket_id: reference } })).toMatchObject({
      reference: 'INV-2026-001',
      status: 'sent',
      total_cents: 66_200,
      sent_to: 'jane.smith@example.com',
    });
  });

  /** One row as the office sees all of it. */
  async function show(type: string, query: ReadQuery) {
    const { read, dana, app } = panes();
    const fields = Object.keys(app.registry.view(type).spec.row.shape).filter(field => !includes.has(field));
    const [row] = await read(dana, type, { ...query, fields });
    return row;
  }
});

const includes = new Set(['line_items', 'technicians', 'time_entries', 'rescheduled_to', 'audit_trail']);
