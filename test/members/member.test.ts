import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const invite = (name: string, role: string) => ({
  name,
  role,
  email: `${name.toLowerCase()}@brightpanes.example`,
});

describe('people of the business', () => {
  test('are added by the owner; technicians can be booked at once, others when somebody says so', async () => {
    const { olivia, done } = panes();
    expect(
      await done(olivia, 'member.create', { ...invite('Tara', 'technician'), phone: '256 555 0133' }),
    ).toEqual({
      id: expect.any(String),
      email: 'tara@brightpanes.example',
      name: 'Tara',
      role: 'technician',
      is_bookable: true,
      phone: '+12565550133',
      locale: 'en',
      working_hours: null,
      deleted_at: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await done(olivia, 'member.create', invite('Mia', 'member'))).toMatchObject({
      is_bookable: false,
    });
    expect(await done(olivia, 'member.update', { member_id: 'Mia', is_bookable: true })).toMatchObject({
      is_bookable: true,
    });
  });

  test('are added once, in whatever spelling and by however many at once', async () => {
    const { olivia, act } = panes();
    const add = (email: string) => act(olivia, 'member.create', { ...invite('Max', 'member'), email });
    const { won, refused } = await race([add('max@brightpanes.example'), add('MAX@brightpanes.example')]);
    expect(won).toHaveLength(1);
    expect(refused).toEqual(['CONFLICT']);
    expect(await refusal(add('max@brightpanes.example'))).toMatchObject({
      code: 'CONFLICT',
      field: 'email',
      message: 'This person already belongs to the business.',
    });
  });

  test('are nobody’s business but the owner’s and the admins’, least of all the agent’s', async () => {
    const { olivia, dana, theo, agent, act, done } = panes();
    const data = invite('Nobody', 'member');
    for (const who of [dana, theo]) {
      expect(await refusal(act(who, 'member.create', data))).toMatchObject({ code: 'FORBIDDEN' });
    }
    for (const [action, input] of [
      ['member.create', data],
      ['member.update', { member_id: 'Mia', role: 'owner' }],
      ['member.delete', { member_id: 'Mia' }],
    ] as const) {
      const call = act(agent, action, input, { reasoning: 'The owner told me to do that' });
      expect(await refusal(call)).toMatchObject({
        code: 'HUMAN_ONLY',
        hint: 'Ask the owner to do it on the web page.',
      });
    }
    // What no person does either is nothing to ask for.
    const ahead = act(agent, 'series.make_visits', {}, { reasoning: 'The owner told me to do that' });
    expect(await refusal(ahead)).toMatchObject({
      code: 'HUMAN_ONLY',
      hint: expect.stringContaining('nothing to ask for'),
    });
    expect(await done(olivia, 'member.create', data)).toMatchObject({ role: 'member' });
  });

  test('who are removed cannot do anything from the next call on, and can be brought back', async () => {
    const { bright, olivia, done, act, read } = panes();
    const { id } = await done(olivia, 'member.create', invite('Gone', 'admin'));
    const gone = { via: 'member', organization_id: bright.id, user_id: String(id) } as const;
    expect(await read(gone, 'contacts')).toHaveLength(2);
    await done(olivia, 'member.delete', { member_id: id });
    expect(await refusal(read(gone, 'contacts'))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await refusal(act(gone, 'contact.create', { full_name: 'x' }))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    await done(olivia, 'member.restore', { member_id: id });
    expect(await read(gone, 'contacts')).toHaveLength(2);
  });

  test('keep the address they sign in with', async () => {
    const { olivia, act } = panes();
    const change = (email: string) => act(olivia, 'member.update', { member_id: 'Mia', email, name: 'Mia' });
    expect(await refusal(change('other@brightpanes.example'))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'email',
    });
    expect((await change('mia@brightpanes.example')).status).toBe('done');
  });
});

describe('the owner', () => {
  test('is not made or unmade by an admin', async () => {
    const { bright, olivia, act, done } = panes();
    const { id } = await done(olivia, 'member.create', invite('Ada', 'admin'));
    const ada = { via: 'member', organization_id: bright.id, user_id: String(id) } as const;
    const forbidden = { code: 'FORBIDDEN', message: 'Only an owner can make or change an owner.' };
    expect(await refusal(act(ada, 'member.create', invite('First', 'owner')))).toMatchObject(forbidden);
    expect(await refusal(act(ada, 'member.update', { member_id: 'Ada', role: 'owner' }))).toMatchObject(
      forbidden,
    );
    expect(await refusal(act(ada, 'member.update', { member_id: 'Olivia Bright', name: 'O' }))).toMatchObject(
      forbidden,
    );
    const { id: second } = await done(olivia, 'member.create', invite('Second', 'owner'));
    expect(await refusal(act(ada, 'member.delete', { member_id: second }))).toMatchObject(forbidden);
    await done(olivia, 'member.delete', { member_id: second });
    expect(await refusal(act(ada, 'member.restore', { member_id: second }))).toMatchObject(forbidden);
    expect((await act(ada, 'member.create', invite('Third', 'member'))).status).toBe('done');
  });

  test('is never the last one to go', async () => {
    const { olivia, act } = panes();
    const last = { code: 'INVALID_STATE', message: 'A business needs at least one owner.' };
    expect(await refusal(act(olivia, 'member.delete', { member_id: 'Olivia Bright' }))).toMatchObject(last);
    expect(
      await refusal(act(olivia, 'member.update', { member_id: 'Olivia Bright', role: 'admin' })),
    ).toMatchObject(last);
  });

  test('of two who remove each other at once, one stays', async () => {
    const { bright, olivia, act, done, read } = panes();
    const { id } = await done(olivia, 'member.create', invite('Otto', 'owner'));
    const otto = { via: 'member', organization_id: bright.id, user_id: String(id) } as const;
    const oliviaId = panes().bright.people.Olivia?.id;
    const { won } = await race([
      act(olivia, 'member.delete', { member_id: id }),
      act(otto, 'member.delete', { member_id: oliviaId }),
    ]);
    expect(won).toHaveLength(1);
    expect(await read(as(bright, 'Dana'), 'members', { params: { role: 'owner' } })).toHaveLength(1);
  });
});
