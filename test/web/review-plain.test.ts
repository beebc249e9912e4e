import { expect, test } from 'vitest';
import { usePages } from '../support/pages.ts';
import { useReview } from './review-people.ts';

const pages = usePages();
const { see } = useReview(pages);

test('what only our own code keeps of a merge is no change that an owner is asked about', async () => {
  const { act, bright, done } = pages();
  const reasoning = 'One household';
  const kept = await done(bright.owner, 'contact.create', {
    full_name: 'Bob Henderson',
    phone: '256 555 0192',
  });
  const gone = await done(bright.owner, 'contact.create', { full_name: 'Sue Henderson', notes: 'Has a cat' });
  const merge = { contact_id: kept.id, merged_contact_id: gone.id };
  const asked = await act(bright.agent, 'contact.merge', merge, { reasoning });
  const { text } = await see(`/review/${String(asked.data.request)}`);
  expect(text).toContain('What changes');
  expect(text).toContain('Has a cat');
  expect(text).not.toMatch(/email opt in|after: |column|[0-9a-f]{8}-[0-9a-f]{4}/);
});

test('the ways to reach a customer stand in an approval and in the history as people write them', async () => {
  const { act, bright, done } = pages();
  const kept = await done(bright.owner, 'contact.create', { full_name: 'Rae Reach', phone: '256 555 0170' });
  await done(bright.owner, 'note.create', { contact_id: kept.id, content: 'Has history', extract: 'no' });
  const ways = {
    phones: [
      { number: '256 555 0170', type: 'home' },
      { number: '+44 20 7946 0018', type: 'mobile', primary: true },
    ],
    emails: [{ email: 'rae@example.com', type: 'work', primary: true }],
  };
  await done(bright.owner, 'authorization.set_level', {
    action: 'contact.update',
    level: 'requires_authorization',
    reason: 'I look first',
  });
  const change = { contact_id: kept.id, ...ways };
  const asked = await act(bright.agent, 'contact.update', change, { reasoning: 'They called' });
  const said = [
    'phones (256) 555-0170 (primary) → (256) 555-0170 (home), +44 20 7946 0018 (mobile, primary)',
    'emails nothing → rae@example.com (work, primary)',
  ];
  const { text } = await see(`/review/${String(asked.data.request)}`);
  await done(bright.owner, 'contact.update', change);
  const { text: after } = await see(`/contacts/${String(kept.reference)}`);
  for (const words of said) {
    expect(text).toContain(words);
    expect(after).toContain(words);
  }
  for (const shown of [text, after]) expect(shown).not.toMatch(/type: |number: |primary: /);
});
