import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('the owner changes hours, time zone and settings; what is not given stays', async () => {
  const { olivia, done, read } = panes();
  const [before] = await read(olivia, 'organization');
  const change = {
    business_hours: { sat: [['09:00', '12:00']] },
    settings: { travel_minutes: 15 },
  };
  expect(await done(olivia, 'organization.update_settings', change)).toEqual({
    ...before,
    business_hours: {
      ...(typeof before?.business_hours === 'object' ? before.business_hours : {}),
      sat: [['09:00', '12:00']],
    },
    settings: { travel_minutes: 15 },
    version: 2,
    updated_at: expect.any(String),
  });
  expect(
    await done(olivia, 'organization.update_settings', { settings: { slot_minutes: 60 } }),
  ).toMatchObject({
    settings: { travel_minutes: 15, slot_minutes: 60 },
    time_zone: 'America/Chicago',
  });
  const [entry] = await read(olivia, 'audit_log', { params: { entity_type: 'organization' } });
  expect(entry).toMatchObject({
    domain_action: 'organization.update_settings',
    actor_name: 'Olivia Bright',
    changes: { settings: { old: { travel_minutes: 15 }, new: { travel_minutes: 15, slot_minutes: 60 } } },
  });
});

test('a new time zone is the one in which times are read from then on', async () => {
  const { olivia, book, done } = panes();
  expect(await book('2026-11-23T09:00')).toMatchObject({ scheduled_local: 'Mon 2026-11-23 09:00 -06:00' });
  await done(olivia, 'organization.update_settings', { time_zone: 'America/New_York' });
  expect(await book('2026-11-23T09:00')).toMatchObject({ scheduled_local: 'Mon 2026-11-23 09:00 -05:00' });
  await done(olivia, 'organization.update_settings', { time_zone: 'America/Chicago' });
});

test('what is no time zone, no opening time and no setting is refused', async () => {
  const { olivia, act } = panes();
  const change = (data: Record<string, unknown>) => act(olivia, 'organization.update_settings', data);
  expect(await refusal(change({ time_zone: 'Alabama' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'time_zone',
    hint: 'Use a name such as America/Chicago.',
  });
  for (const mon of [
    [['9', '17:00']],
    [['17:00', '09:00']],
    [['08:00', '25:00']],
    [
      ['08:00', '12:00'],
      ['11:00', '17:00'],
    ],
  ]) {
    expect(await refusal(change({ business_hours: { mon } }))).toMatchObject({ field: 'business_hours.mon' });
  }
  expect(await refusal(change({ settings: { travel_minuts: 15 } }))).toMatchObject({
    field: 'settings.travel_minuts',
    did_you_mean: ['travel_minutes'],
  });
  expect(await refusal(change({ settings: { slot_minutes: 1 } }))).toMatchObject({
    field: 'settings.slot_minutes',
  });
  expect(await refusal(change({}))).toMatchObject({ message: 'Nothing to change was given.' });
  expect((await change({ business_hours: { mon: [['00:00', '24:00']] } })).status).toBe('done');
});

test('the agent may ask for it, the owner decides; the rest of the office does not', async () => {
  const { agent, dana, act, read } = panes();
  const rename = { name: 'Bright Panes & Gutters' };
  expect(await act(agent, 'organization.update_settings', rename)).toMatchObject({
    status: 'pending_authorization',
    data: { rule: '*', reason: 'organization.update_settings is set to requires_authorization' },
  });
  expect(await refusal(act(dana, 'organization.update_settings', rename))).toMatchObject({
    code: 'FORBIDDEN',
  });
  expect(await read(dana, 'organization')).toMatchObject([{ name: 'Bright Panes Window Cleaning' }]);
});
