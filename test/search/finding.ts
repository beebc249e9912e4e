import { beforeAll } from 'vitest';
import { type Business, useOffice } from '../support/office.ts';

/** An office in which records are made, and looked for by one word. */
export function useFinding() {
  const office = useOffice();
  const done = (action: string, data: Record<string, unknown>) =>
    office().done(office().bright.owner, action, data);
  const make = async (action: string, data: Record<string, unknown>) => String((await done(action, data)).id);

  const found = async (word: string, kind: string, who: Business = office().bright) => {
    const rows = await office().read(who.owner, 'search', {
      search: word,
      params: { kinds: [kind] },
      fields: ['id'],
    });
    return rows.map(row => row.id);
  };

  beforeAll(async () => {
    await done('contact.create', { full_name: 'Jane Smith' });
    await done('contact.create', { full_name: 'Mrs Hart' });
  });
  return { office, done, make, found };
}
