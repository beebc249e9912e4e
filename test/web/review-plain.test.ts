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
