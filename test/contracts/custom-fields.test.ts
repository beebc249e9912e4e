import { describe, expect, test } from 'vitest';
import { type BrightPanes, useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What a business adds for itself is kept, changed, filtered and found alike, whatever record it stands on.

const panes = useBrightPanes();

type Values = Record<string, unknown>;

/** How one of each record comes to be; a record that is not told of here fails. */
const made: Readonly<Record<string, (office: BrightPanes, data: Values) => Promise<Values>>> = {
  company: ({ dana, done }, data) => done(dana, 'company.create', { name: 'Hart Realty', ...data }),
  contact: ({ dana, done }, data) => done(dana, 'contact.create', { full_name: 'Kenji Nakamura', ...data }),
  interaction: ({ dana, done }, data) =>
    done(dana, 'interaction.create', {
      contact_id: 'C-1001',
      type: 'phone_call',
      direction: 'inbound',
      body: 'Asked for a date',
      ...data,
    }),
  lead: ({ dana, done }, data) =>
    done(dana, 'lead.create', { full_name: 'Ada Newcomer', raw_notes: 'Asked for a price', ...data }),
  service: ({ dana, done }, data) =>
    done(dana, 'service.create', { name: 'Skylights', pricing: 'flexible', ...data }),
  async ticket({ dana, book, done }, data) {
    const { id } = await book('2026-12-01T09:00');
    return done(dana, 'ticket.update', { ticket_id: id, ...data });
  },
};

test('every record with custom fields is told of here', () => {
  const { records } = panes().app.registry;
  const having = [...records.values()].filter(({ fields }) => fields.custom_fields);
  expect(having.map(({ name }) => name).sort()).toEqual(Object.keys(made));
});

describe.each(Object.entries(made))('the custom fields of a record %s', (name, make) => {
  const plural = () => panes().app.registry.records.get(name)?.plural ?? '';
  const key = `${name}_id`;
  let id = '';

  test('are changed one by one, and one that is given as null is taken out', async () => {
    const { dana, done } = panes();
    const row = await make(panes(), {
      custom_fields: { gate_code: 'Quillfeather 12', panes: 24, empty: null },
    });
    expect(row.custom_fields).toEqual({ gate_code: 'Quillfeather 12', panes: 24 });
    id = String(row.id);
    expect(
      await done(dana, `${name}.update`, { [key]: id, custom_fields: { panes: 26, dog: true } }),
    ).toMatchObject({ custom_fields: { gate_code: 'Quillfeather 12', panes: 26, dog: true } });
    const { custom_fields } = await done(dana, `${name}.update`, {
      [key]: id,
      custom_fields: { panes: null },
    });
    expect(custom_fields).toEqual({ gate_code: 'Quillfeather 12', dog: true });
  });

  test('are what the list is filtered by: a name, a name and its value, or several', async () => {
    const { dana, read } = panes();
    const ids = async (custom_fields: unknown) =>
      (await read(dana, plural(), { params: { custom_fields }, fields: ['id'] })).map(row => row.id);
    for (const wanted of [
      'dog',
      'gate_code=quillfeather 12',
      'dog=true',
      { gate_code: 'Quillfeather 12', dog: true },
    ]) {
      expect(await ids(wanted), JSON.stringify(wanted)).toEqual([id]);
    }
    for (const other of ['panes', 'gate_code=12', { gate_code: 'Quillfeather 12', dog: false }]) {
      expect(await ids(other), JSON.stringify(other)).toEqual([]);
    }
  });

  test('are found by their words, and not any more when they are changed', async () => {
    const { dana, done, read } = panes();
    const found = async (search: string) =>
      (await read(dana, 'search', { search, params: { kinds: [name] }, fields: ['id'] })).map(row => row.id);
    expect(await found('quillfeather')).toEqual([id]);
    await done(dana, `${name}.update`, { [key]: id, custom_fields: { gate_code: 'Zephyrbrook 7' } });
    expect([await found('quillfeather'), await found('zephyrbrook')]).toEqual([[], [id]]);
  });

  test('have plain names and plain values', async () => {
    const { dana, act, done } = panes();
    const change = (custom_fields: unknown) => act(dana, `${name}.update`, { [key]: id, custom_fields });
    for (const wrong of [{ 'Gate Code': 1 }, { gate: { code: 1 } }, ['gate']]) {
      expect(await refusal(change(wrong))).toMatchObject({ code: 'VALIDATION_ERROR' });
    }
    expect((await done(dana, `${name}.update`, { [key]: id, custom_fields: { gate: 1 } })).id).toBe(id);
  });
});
