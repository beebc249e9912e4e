import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { contactRecord } from '../../core/contacts/contact.ts';
import type { Context } from '../../core/kernel/pipeline/context.ts';
import { getRow, updateRow } from '../../core/kernel/records/record-queries.ts';
import { ref } from '../../core/kernel/records/references.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { calls } from '../contracts/registered.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// A kite shop that ties customers to strings: what `locks` says is read and locked with the first round trip of the call.

const output = z.object({ before: z.unknown(), after: z.unknown() });
const tie = (name: string, run: (context: Context, id: string) => Promise<z.input<typeof output>>) =>
  defineAction({
    domain: 'kite',
    name,
    summary: 'For this test only.',
    input: z.strictObject({ contact_id: ref('contact') }),
    output,
    permission: { level: 'unrestricted' },
    effect: 'update',
    locks: 'contact_id',
    run: (context, { contact_id }) => run(context, contact_id),
  });

const nickname = async (context: Context, id: string) =>
  (await getRow(context, contactRecord, id, { lock: true })).nickname;

let heldWhile: () => Promise<unknown> = async () => undefined;

const kites = defineDomain({
  name: 'kite',
  summary: 'Kites, for this test only.',
  actions: [
    tie('hold', async (context, id) => {
      const before = await heldWhile();
      return { before, after: await nickname(context, id) };
    }),
    tie('rename', async (context, id) => {
      const before = await nickname(context, id);
      await updateRow(context, contactRecord, id, { nickname: 'Kit' });
      return { before, after: await nickname(context, id) };
    }),
    tie('rename_unseen', async (context, id) => {
      await updateRow(context, contactRecord, id, { nickname: 'Kitty' });
      return { before: undefined, after: await nickname(context, id) };
    }),
  ],
});

const office = useOffice({ domains: [kites] });

/** The customers that somebody else could change at this moment. */
const free = async () => {
  const { rows } = await asTableOwner(
    office(),
    'select reference from contacts where organization_id = $1::uuid for no key update skip locked',
    [office().bright.id],
  );
  return rows;
};

describe('the customer that a call changes', () => {
  test('is locked before the first statement of its action when the call says the reference', async () => {
    const { act, bright } = office();
    const { data } = await act(bright.agent, 'contact.create', { first_name: 'Kate', last_name: 'Wind' });
    const { id, reference } = z.object({ id: z.string(), reference: z.string() }).parse(data);
    heldWhile = free;
    const byReference = await act(bright.agent, 'kite.hold', { contact_id: reference });
    const byId = await act(bright.agent, 'kite.hold', { contact_id: id });
    expect(byReference.data.before).not.toContainEqual({ reference });
    expect(byId.data.before).toContainEqual({ reference });
  });

  test('is read anew after the call itself has changed it', async () => {
    const { act, bright } = office();
    const { data } = await act(bright.agent, 'contact.create', { first_name: 'Kim', last_name: 'Tail' });
    const contact_id = data.reference;
    expect((await act(bright.agent, 'kite.rename', { contact_id })).data).toEqual({
      before: null,
      after: 'Kit',
    });
    expect((await act(bright.agent, 'kite.rename_unseen', { contact_id })).data).toMatchObject({
      after: 'Kitty',
    });
  });

  test('is said by what the input points to', () => {
    const said = calls.flatMap(({ id, spec, refs }) =>
      spec.kind === 'action' && spec.locks !== undefined
        ? [{ id, locks: spec.locks, points: refs.map(({ path }) => path.join('.')) }]
        : [],
    );
    expect(said.length).toBeGreaterThan(50);
    expect(said.filter(({ locks, points }) => !points.includes(locks))).toEqual([]);
  });
});
