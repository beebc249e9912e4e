import { describe, expect, test } from 'vitest';
import { type BrightPanes, useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { registry } from './registered.ts';

// What a business adds for itself is kept, changed, filtered and found alike, whatever record it stands on.

const panes = useBrightPanes();

type Values = Record<string, unknown>;

const having = [...registry.records.values()].filter(({ fields }) => fields.custom_fields);

/** A second Jane Smith would make the examples of the others ambiguous. */
const instead: Readonly<Record<string, Values>> = { contact: { full_name: 'Kenji Nakamura' } };

/** One of a record, made as the example of its create says; where that takes no custom fields, they come by the update. */
async function make({ dana, done }: BrightPanes, name: string, data: Values): Promise<Values> {
  const { spec, inputSchema } = registry.action(`${name}.create`);
  const example = { ...spec.example, ...instead[name] };
  if (Object.hasOwn(inputSchema.properties ?? {}, 'custom_fields'))
    return done(dana, `${name}.create`, { ...example, ...data });
  const { id } = await done(dana, `${name}.create`, example);
  return done(dana, `${name}.update`, { [`${name}_id`]: id, ...data });
}

test('some records have custom fields', () => {
  expect(having.map(({ name }) => name)).toEqual(expect.arrayContaining(['contact', 'ticket']));
});

describe.each(having)('the custom fields of a record $name', ({ name, plural }) => {
  const key = `${name}_id`;
  let id = '';

  test('are changed one by one, and one that is given as null is taken out', async () => {
    const { dana, done } = panes();
    const row = await make(panes(), name, {
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
      (await read(dana, plural, { params: { custom_fields }, fields: ['id'] })).map(row => row.id);
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
