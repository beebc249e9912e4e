import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

beforeAll(async () => {
  const { dana, done, clear } = panes();
  for (const full_name of [
    'John Barnes',
    'Maria Barnes',
    'Vera Vitale',
    'Otto Itel',
    'Sven Thorsen',
    'Ann Horsley',
    'Zoë Brünings',
    'Ida Wiklund Eklund',
    'Bo Eklund',
  ])
    await done(dana, 'contact.create', { full_name });
  await done(dana, 'contact.create', { full_name: 'Alva Pell', notes: 'Lives next to Bo Eklund' });
  await done(dana, 'contact.create', { full_name: 'Otto Swalkingen' });
  await done(dana, 'contact.create', {
    full_name: 'Uwe Brickner',
    notes: 'Walked over; has a trickling tap',
  });
  await done(dana, 'contact.create', { full_name: 'Ina Strickland' });
  await done(clear.owner, 'contact.create', { full_name: 'Petra Zwarnecki' });
  await done(dana, 'ticket.create', {
    contact_id: 'Maria Barnes',
    scheduled_at: '2026-11-25T09:00',
    technician_ids: ['Theo'],
  });
});

const titles = async (words: string, who: Caller = panes().dana, kind = 'contact') =>
  (await panes().read(who, 'search', { search: words, params: { kinds: [kind] }, fields: ['title'] })).map(
    row => row.title,
  );

describe('a part of a word', () => {
  test('finds the names it is in', async () => {
    // Who has a visit comes first.
    expect(await titles('arne')).toEqual(['Maria Barnes', 'John Barnes']);
    expect(await titles('ital')).toEqual(['Vera Vitale']);
    expect(await titles('rüning')).toEqual(['Zoë Brünings']);
    expect(await titles('RUNING')).toEqual(['Zoë Brünings']);
  });

  test('goes together with other words, and each of them must be found', async () => {
    expect(await titles('maria arne')).toEqual(['Maria Barnes']);
    expect(await titles('mari arne')).toEqual(['Maria Barnes']);
    expect(await titles('vera arne')).toEqual([]);
  });

  test('comes behind words that begin so, and before names that only resemble it', async () => {
    expect(await titles('hors')).toEqual(['Ann Horsley']);
    expect(await titles('horse')).toEqual(['Sven Thorsen']);
    // Nothing has these letters in this order, so what resembles them is meant.
    expect(await titles('itol')).toEqual(['Otto Itel']);
  });

  test('comes behind what notes tell in words that begin so, or in another form of the word', async () => {
    expect(await titles('rickl')).toEqual(['Ina Strickland']);
    expect(await titles('trick')).toEqual(['Uwe Brickner']);
    expect(await titles('alking')).toEqual(['Otto Swalkingen']);
    expect(await titles('walking')).toEqual(['Uwe Brickner']);
  });

  test('finds those who are called so before those of whom it is told', async () => {
    expect(await titles('klun')).toEqual(['Bo Eklund', 'Ida Wiklund Eklund', 'Alva Pell']);
  });

  test('is counted once where it is in two names of one customer', async () => {
    const { agent, done } = panes();
    expect(await done(agent, 'find_customer', { query: 'klun' })).toMatchObject({ total: 3 });
  });

  test('is nothing when it is shorter than three letters', async () => {
    expect(await titles('rn')).toEqual([]);
    expect(await titles('arn')).toEqual(['Maria Barnes', 'John Barnes']);
  });

  test('finds nobody of another business', async () => {
    expect(await titles('warneck')).toEqual([]);
    expect(await titles('warneck', panes().clear.owner)).toEqual(['Petra Zwarnecki']);
  });

  test('finds a technician the visits they see, and no others', async () => {
    const { theo, tess, dana } = panes();
    expect(await titles('arne', dana, 'ticket')).toEqual(['Visit']);
    expect(await titles('arne', theo, 'ticket')).toEqual(['Visit']);
    expect(await titles('arne', tess, 'ticket')).toEqual([]);
  });

  test('is understood by whoever finds a customer for the agent', async () => {
    const { agent, done } = panes();
    expect(await done(agent, 'find_customer', { query: 'ital' })).toMatchObject({
      booking_context: { full_name: 'Vera Vitale' },
    });
    expect(await done(agent, 'find_customer', { query: 'arne' })).toMatchObject({ total: 2 });
  });
});
