import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { signaturesOf } from '../../core/kernel/registry/signature.ts';
import { useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { readyInput } from './ready-input.ts';
import { calls, registry } from './registered.ts';
import { type Story, tellStory } from './story.ts';

// Every action that may be done to several in one call, with nobody listing them.

const office = useOffice();
let own: Story;

beforeAll(async () => {
  own = await tellStory(office(), office().bright, 'Brightly');
});

// Its example is the same fact each time, and there is one of each.
const onlyOnce = new Set(['attribute.restore']);

const lists = [...registry.lists.keys()].map(id => ({ id, action: registry.action(id) }));
const act = (caller: Caller, action: string, data: unknown) =>
  office().app.execute(
    caller,
    { action, data, reasoning: 'The customer asked us to do so' },
    { request_id: newId() },
  );

describe.each(lists)('$id', ({ id, action }) => {
  const { several } = action.spec;
  if (!several) throw new Error(`${id} lists nothing`);
  const inputs = async (count: number) => {
    const items: Record<string, unknown>[] = [];
    for (let index = 0; index < count; index += 1) items.push(await readyInput(office(), own, action));
    return items;
  };
  /** As many as its example makes that are not about the same thing. */
  const isFresh = (items: readonly Record<string, unknown>[]) =>
    new Set(items.map(item => JSON.stringify(several.apart_by?.map(name => item[name]) ?? item))).size ===
    items.length;

  test('does nothing when one of them is nobody’s, and says which; then does the good one', async () => {
    const [input = {}] = await inputs(1);
    const [pointer] = action.refs.filter(({ path }) => path.length === 1);
    const member = String(pointer?.path[0]);
    const items = [input, { ...input, [member]: 'X-nobody-9999' }];
    const refused = await refusal(act(office().bright.owner, id, { [several.as]: items }));
    expect(refused.field).toBe(`${several.as}.1.${member}`);
    const { status, data } = await act(office().bright.owner, id, { [several.as]: [input] });
    expect(status).toBe('done');
    expect(Object.keys(data)).toEqual(['results']);
    expect(data.results).toHaveLength(1);
  });

  test('does two at once, or says that they are the same', async () => {
    const items = await inputs(2);
    const asked = act(office().bright.owner, id, { [several.as]: items });
    if (isFresh(items) && !onlyOnce.has(id)) expect((await asked).data.results).toHaveLength(2);
    else expect((await refusal(asked)).message).toMatch(/are the same|is known already/);
  });
});

test('says so in its signature, where an agent looks first', () => {
  expect(signaturesOf(registry).of(registry.action('ticket.assign_technician'))).toBe(
    'ticket.assign_technician(ticket, technician, instead_of?, alone?; or tickets: [])',
  );
  for (const { action } of lists)
    expect(signaturesOf(registry).of(action)).toContain(`; or ${action.spec.several?.as}: [])`);
  for (const call of calls.filter(({ id }) => !registry.lists.has(id)))
    expect(signaturesOf(registry).of(call)).not.toContain('; or ');
});
