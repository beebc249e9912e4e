import { expect, test } from 'vitest';
import { z } from 'zod';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { defineSetting, settingOf } from '../../core/kernel/registry/settings.ts';
import { organizations } from '../../core/organizations/index.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// A domain of the tests decides for itself how its kites fly; nothing else in the house knows of it.

const height = defineSetting({
  name: 'kite_height',
  label: 'Height of a kite',
  summary: 'Meters a kite rises.',
  value: z.int().min(1).max(500),
  usual: 50,
  open_to: 'agents',
});
const tail = defineSetting({
  name: 'kite_tail',
  label: 'Tail',
  summary: 'How the tail of a kite looks.',
  value: z.enum(['plain', 'knotted']),
  usual: 'plain',
  open_to: 'agents',
  roles: ['owner'],
});
const insured = defineSetting({
  name: 'kite_insured',
  label: 'Insured',
  summary: 'Whether kites are insured.',
  value: z.boolean(),
  usual: false,
  open_to: 'people',
});
const fly = defineAction({
  domain: 'kite',
  name: 'fly',
  summary: 'Fly a kite.',
  input: z.strictObject({}),
  output: z.object({ height: z.number(), tail: z.enum(['plain', 'knotted']) }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  run: async context => ({ height: settingOf(context, height), tail: settingOf(context, tail) }),
});
const kites = defineDomain({
  name: 'kite',
  summary: 'Kites.',
  actions: [fly],
  settings: [height, tail, insured],
});

const panes = useBrightPanes({ domains: [kites] });
const change = (settings: Record<string, unknown>, who = panes().olivia) =>
  panes().act(who, 'organization.update_settings', { settings });
const flown = () => panes().done(panes().olivia, 'kite.fly', {});
const stored = async () => (await panes().read(panes().olivia, 'organization'))[0]?.settings;

test('a setting holds as usual until the owner decides, and again after null', async () => {
  expect(await flown()).toEqual({ height: 50, tail: 'plain' });
  await change({ kite_height: 80, travel_minutes: 15 });
  await change({ kite_tail: 'knotted' });
  expect(await flown()).toEqual({ height: 80, tail: 'knotted' });
  expect(await stored()).toEqual({ kite_height: 80, travel_minutes: 15, kite_tail: 'knotted' });
  await change({ kite_height: null });
  expect(await flown()).toEqual({ height: 50, tail: 'knotted' });
  expect(await stored()).toEqual({ travel_minutes: 15, kite_tail: 'knotted' });
  await change({ kite_tail: null, travel_minutes: null });
  expect(await stored()).toEqual({});
});

test('what is stored and cannot be used counts as not decided', async () => {
  const store = (value: unknown) =>
    asTableOwner(panes(), `update organizations set settings = $2 where id = $1`, [
      panes().bright.id,
      JSON.stringify({ kite_height: value }),
    ]);
  for (const value of [0, 501, 2.5, '80', null, [80]]) {
    await store(value);
    expect(await flown(), JSON.stringify(value)).toMatchObject({ height: 50 });
  }
  await store(500);
  expect(await flown()).toMatchObject({ height: 500 });
  await change({ kite_height: null });
});

test('a setting nobody declared and a value it cannot have are refused, with what is near', async () => {
  expect(await refusal(change({ kite_hieght: 80 }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'settings.kite_hieght',
    did_you_mean: ['kite_height'],
  });
  expect(await refusal(change({ kite_height: 501 }))).toMatchObject({
    field: 'settings.kite_height',
    did_you_mean: ['500'],
  });
  expect(await refusal(change({ kite_tail: 'notted' }))).toMatchObject({
    field: 'settings.kite_tail',
    valid_options: ['plain', 'knotted'],
    did_you_mean: ['knotted'],
  });
  expect(await stored()).toEqual({});
});

test('an admin changes what is not the owner’s alone', async () => {
  const { olivia, dana, done, bright } = panes();
  const update = (role: string) =>
    done(olivia, 'member.update', { member_id: String(bright.people.Dana?.id), role });
  await update('admin');
  expect(await refusal(change({ kite_tail: 'knotted' }, dana))).toMatchObject({
    code: 'FORBIDDEN',
    field: 'settings.kite_tail',
    hint: 'Ask one of these: owner.',
  });
  expect((await change({ kite_height: 60 }, dana)).status).toBe('done');
  await change({ kite_height: null });
  await update('member');
});

test('an agent asks for a setting and the owner decides, but not for one of people', async () => {
  const { agent, olivia, read } = panes();
  expect(await refusal(change({ kite_insured: true }, agent))).toMatchObject({
    code: 'FORBIDDEN',
    field: 'settings.kite_insured',
    message: 'kite_insured is changed by people only.',
  });
  expect((await change({ kite_height: 90 }, agent)).status).toBe('pending_authorization');
  expect((await change({ kite_insured: true })).status).toBe('done');
  expect(await read(olivia, 'settings', { params: { domain: 'kite' } })).toEqual([
    {
      domain: 'kite',
      name: 'kite_height',
      label: 'Height of a kite',
      summary: 'Meters a kite rises.',
      value: 50,
      usual: 50,
      is_decided: false,
      is_yours: true,
      takes_passkey: false,
    },
    expect.objectContaining({ name: 'kite_tail', value: 'plain' }),
    expect.objectContaining({ name: 'kite_insured', value: true, usual: false, is_decided: true }),
  ]);
  const asAgent = await read(agent, 'settings', { params: { domain: 'kite' } });
  expect(asAgent.map(({ name, is_yours }) => [name, is_yours])).toEqual([
    ['kite_height', true],
    ['kite_tail', true],
    ['kite_insured', false],
  ]);
});

test('of two changes at once neither is lost', async () => {
  await Promise.all([change({ kite_height: 70 }), change({ slot_minutes: 60 })]);
  expect(await stored()).toMatchObject({ kite_height: 70, slot_minutes: 60 });
});

test('what can be decided is described where everything is, and a name is given once', () => {
  const { settings, action } = createRegistry([organizations, kites], []);
  const ofTheBusiness = ['reply_to', 'business_phone', 'postal_address', 'legal_name', 'tax_id'];
  expect([...settings.keys()]).toEqual([...ofTheBusiness, 'kite_height', 'kite_tail', 'kite_insured']);
  const { inputSchema } = action('organization.update_settings');
  expect(Object.keys(inputSchema.properties?.settings?.properties ?? {})).toEqual([...settings.keys()]);
  expect(inputSchema.properties?.settings?.properties?.kite_height).toMatchObject({
    description: 'Meters a kite rises. 50 when not decided, or null.',
  });
  const twice = defineDomain({ name: 'other', summary: 'Other.', settings: [height] });
  expect(() => createRegistry([organizations, kites, twice], [])).toThrow(
    'two registrations are called kite_height',
  );
});
