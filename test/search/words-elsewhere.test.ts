import { describe, expect, test } from 'vitest';
import { useFinding } from './finding.ts';

// A record is found by words that stand in others (UNI-02): of its customer, its place, its lines, as they are called now.

const { office, done, make, found } = useFinding();

describe('words that stand in other records', () => {
  const reference = async (word: string, kind: string) =>
    (await office().read(office().bright.owner, 'search', { search: word, params: { kinds: [kind] } })).map(
      row => row.reference,
    );

  test('a customer is found by company, address, note, fact and service, and no longer when these are gone', async () => {
    const contact = await make('contact.create', { full_name: 'Wanda Wordless' });
    const { id: company } = await done('company.create', { name: 'Quillfeather Estates' });
    await done('contact.update', { contact_id: contact, company_id: company });
    expect(await found('quillfeather', 'contact')).toEqual([contact]);
    await done('company.update', { company_id: company, name: 'Zephyrbrook Estates' });
    expect([await found('quillfeather', 'contact'), await found('zephyrbrook', 'contact')]).toEqual([
      [],
      [contact],
    ]);

    const address = await make('address.create', { contact_id: contact, line1: '5 Larkspurton Way' });
    expect(await found('larkspurton', 'contact')).toEqual([contact]);
    await done('address.delete', { address_id: address });
    expect(await found('larkspurton', 'contact')).toEqual([]);

    const fact = await make('attribute.set', {
      contact_id: contact,
      key: 'pet',
      value: 'iguana',
      details: { name: 'Ozymandias' },
    });
    expect(await found('iguana', 'contact')).toEqual([contact]);
    expect(await found('pet ozymandas', 'contact')).toEqual([contact]);
    await done('attribute.delete', { attribute_id: fact });
    expect(await found('iguana', 'contact')).toEqual([]);

    const service = await make('service.create', { name: 'Chandelier Polishing', pricing: 'flexible' });
    const visit = await make('ticket.create', {
      contact_id: contact,
      scheduled_at: '2026-12-02T09:00',
      lines: [{ service_id: service }],
    });
    expect(await found('chandeliers', 'contact')).toEqual([contact]);
    await done('ticket.update_line', { ticket_id: visit, line_id: '1', description: 'Candelabra Polishing' });
    expect([await found('chandelier', 'contact'), await found('candelabra', 'contact')]).toEqual([
      [],
      [contact],
    ]);
    await done('ticket.cancel', { ticket_id: visit });
    expect(await found('candelabra', 'contact')).toEqual([]);
  });

  test('a visit is found by its customer, its place and its lines as they are called now', async () => {
    const contact = await make('contact.create', { full_name: 'Horatio Plimsoll' });
    const address = await make('address.create', { contact_id: contact, line1: '9 Thistlewick Ct' });
    const visit = await make('ticket.create', { contact_id: contact, scheduled_at: '2026-12-03T09:00' });
    expect(await found('plimsoll', 'ticket')).toEqual([visit]);
    expect(await found('thistlewick', 'ticket')).toEqual([visit]);
    await done('contact.update', { contact_id: contact, full_name: 'Horatio Bagshaw' });
    await done('address.update', { address_id: address, line1: '9 Nettlecombe Ct' });
    expect([await found('plimsoll', 'ticket'), await found('bagshaw', 'ticket')]).toEqual([[], [visit]]);
    expect([await found('thistlewick', 'ticket'), await found('nettlecombe', 'ticket')]).toEqual([
      [],
      [visit],
    ]);
    await done('ticket.add_line', { ticket_id: visit, service_id: 'Chandelier Polishing' });
    expect(await found('bagshaw chandelier', 'ticket')).toEqual([visit]);
    await done('ticket.remove_line', { ticket_id: visit, line_id: '1' });
    expect(await found('bagshaw chandelier', 'ticket')).toEqual([]);
  });

  test('a customer who is deleted takes the addresses along, and brings them back', async () => {
    const contact = await make('contact.create', { full_name: 'Cordelia Fenwick' });
    const address = await make('address.create', { contact_id: contact, line1: '3 Marrowbone Sq' });
    await done('contact.delete', { contact_id: contact });
    expect(await found('marrowbone', 'address')).toEqual([]);
    await done('contact.restore', { contact_id: contact });
    expect(await found('marrowbone', 'address')).toEqual([address]);
    expect(await found('fenwick marrowbone', 'contact')).toEqual([contact]);
  });

  test('an import that is taken back takes everything it brought', async () => {
    const content =
      'First Name,Last Name,Email Address,Phone Number,Street Address 1,City,Memo,Square Customer ID\n' +
      'Ottoline,Brackenbury,,,7 Figtree Row,Madison,Likes marmalade,SQ-77\n';
    await done('import.square', { content });
    expect(await found('brackenbury figtree marmalade', 'contact')).toHaveLength(1);
    expect(await found('figtree', 'address')).toHaveLength(1);
    expect(await found('marmalade', 'note')).toHaveLength(1);
    const [batch] = await reference('square', 'import');
    await done('import.undo', { import_id: batch });
    for (const [word, kind] of [
      ['brackenbury', 'contact'],
      ['figtree', 'address'],
      ['marmalade', 'note'],
    ] as const) {
      expect(await found(word, kind)).toEqual([]);
    }
  });
});

test('those who write about the same customer at once lose no word of each other', async () => {
  const contact = await make('contact.create', { full_name: 'Bartholomew Twice' });
  const words = ['aardvark', 'bandicoot', 'capybara', 'dormouse', 'echidna', 'wombat', 'narwhal', 'platypus'];
  const notes: string[] = [];
  for (const _ of words)
    notes.push(await make('note.create', { contact_id: contact, content: 'x', extract: 'no' }));
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      notes.map((note_id, index) => done('note.update', { note_id, content: `${words[index]} ${round}` })),
    );
    expect(await found(words.join(' '), 'contact')).toEqual([contact]);
  }
});
