import { describe, expect, test } from 'vitest';
import { pointersOf } from '../../core/kernel/records/pointers.ts';
import { registry } from '../contracts/registered.ts';

describe('what a member points to', () => {
  test.each([
    ['contact_id', 'contact'],
    ['import_batch_id', 'import'],
    ['form_id', 'lead_form'],
    ['rescheduled_from_id', 'ticket'],
    ['next_ticket_id', 'ticket'],
    ['message_id', 'scheduled_message'],
    ['owner_user_id', 'member'],
  ])('%s says the field of a record: %s', (name, record) => {
    expect(registry.pointsTo(name)).toBe(record);
  });

  test('is said by the name of a record or by an input where no record has such a field', () => {
    expect(registry.pointsTo('interaction_id')).toBe('interaction');
    expect(registry.pointsTo('technician_id')).toBe('member');
  });

  test('is nothing for what is no pointer', () => {
    expect(registry.pointsTo('name')).toBeUndefined();
    expect(registry.pointsTo('nonsense_id')).toBeUndefined();
  });

  test('is never two things: a record that means something else by a column is refused at once', () => {
    const lead = registry.records.get('lead');
    if (!lead) throw new Error('there are no leads');
    const form = lead.refs.filter(({ column }) => column === 'form_id');
    const address = lead.refs
      .filter(({ column }) => column === 'contact_id')
      .map(({ field }) => ({ column: 'form_id', field }));
    const together = (refs: typeof lead.refs) => () =>
      pointersOf(
        new Map([
          ['lead', lead],
          ['other', { ...lead, name: 'other', refs }],
        ]),
        () => [],
      );
    expect(together(form)).not.toThrow();
    expect(together(address)).toThrow('form_id of other points to a contact, elsewhere to a lead_form');
  });
});
