import { distance } from 'fastest-levenshtein';
import { beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../contracts/registered.ts';
import { as, type Business, type Office, useOffice } from '../support/office.ts';
import { randomFor } from '../support/random.ts';

// Whatever there is is found by its words (UNI-02): a new one, an edited one by its new words only, a deleted one not.

const office = useOffice();

/** A record of one kind: how one with a word comes to be, gets another word, and goes. */
interface Life {
  /** Answers its id. */
  make(word: string): Promise<string>;
  edit?(id: string, word: string): Promise<unknown>;
  remove?(id: string): Promise<unknown>;
}

const done = (action: string, data: Record<string, unknown>) =>
  office().done(office().bright.owner, action, data);
const make = async (action: string, data: Record<string, unknown>) => String((await done(action, data)).id);

/** A record whose word is a member of its plain actions. */
const plain = (record: string, member: string, more: Record<string, unknown> = {}): Life => ({
  make: word => make(`${record}.create`, { ...more, [member]: word }),
  edit: (id, word) => done(`${record}.update`, { [`${record}_id`]: id, [member]: word }),
  remove: id => done(`${record}.delete`, { [`${record}_id`]: id }),
});

/** Kinds with more to them than one word in the example of their create. */
const told: Readonly<Record<string, Life>> = {
  contact: plain('contact', 'full_name'),
  address: plain('address', 'line1', { contact_id: 'C-1001' }),
  company: plain('company', 'name'),
  service: plain('service', 'name', { pricing: 'flexible' }),
  note: plain('note', 'content', { contact_id: 'C-1001', extract: 'no' }),
  agent: plain('agent', 'name'),
  lead_form: plain('lead_form', 'name'),
  interaction: plain('interaction', 'body', {
    type: 'phone_call',
    direction: 'inbound',
    contact_id: 'C-1001',
  }),
  lead: plain('lead', 'full_name', { raw_notes: 'Somebody asked' }),
  member: {
    make: word =>
      make('member.create', {
        name: word,
        email: `person${unlike.length}@brightpanes.example`,
        role: 'member',
      }),
    edit: (id, word) => done('member.update', { member_id: id, name: word }),
    remove: id => done('member.delete', { member_id: id }),
  },
  attribute: {
    make: word => make('attribute.set', { contact_id: 'C-1001', key: 'remark', value: word }),
    remove: id => done('attribute.delete', { attribute_id: id }),
  },
  ticket: {
    make: word =>
      make('ticket.create', { contact_id: 'C-1002', scheduled_at: '2026-12-01T09:00', notes: word }),
    edit: (id, word) => done('ticket.update', { ticket_id: id, notes: word }),
  },
  waitlist: plain('waitlist', 'note', { contact_id: 'C-1001' }),
  series: {
    make: word =>
      make('series.create', {
        contact_id: 'C-1002',
        rule: 'every 6 weeks',
        starts_on: '2026-12-02',
        start_time: '09:00',
        notes: word,
      }),
    edit: (id, word) => done('series.update', { series_id: id, notes: word }),
  },
  invoice: {
    make: word =>
      make('invoice.create', {
        contact_id: 'C-1001',
        lines: [{ description: 'Ladder rental', unit_price_cents: 2500 }],
        notes: word,
      }),
    edit: (id, word) => done('invoice.update', { invoice_id: id, notes: word }),
  },
  scheduled_message: {
    make: word =>
      make('message.schedule', {
        contact_id: 'C-1001',
        subject: 'Your visit',
        body: word,
        send_at: '2026-12-01T09:00',
      }),
    edit: (id, word) => done('message.update', { message_id: id, body: word }),
  },
  import: {
    async make(word) {
      const content = `First Name,Last Name,Email Address,Phone Number,Square Customer ID\n${word}est,,,,SQ-${word}\n`;
      const { import: reference } = await done('import.square', { content, file_name: `${word}.csv` });
      const [row] = await office().read(office().bright.owner, 'imports', { id: String(reference) });
      return String(row?.id);
    },
  },
  export: {
    make: async word => {
      const machine = { via: 'system', organization_id: office().bright.id, name: 'command line' } as const;
      const file_name = `${word}.zip`;
      return String((await office().done(machine, 'export.note_written', { file_name })).id);
    },
  },
  authorization_request: {
    async make(word) {
      const { bright, act, read } = office();
      const { data } = await act(
        bright.agent,
        'organization.update_settings',
        { name: `Panes ${word}` },
        { reasoning: `They are called ${word} from now on` },
      );
      const [row] = await read(bright.owner, 'authorization_requests', { id: String(data.request) });
      return String(row?.id);
    },
    async edit(id, word) {
      const [row] = await office().read(office().bright.owner, 'authorization_requests', {
        id,
        fields: ['reference', 'digest'],
      });
      return done('authorization.deny', { request: row?.reference, digest: row?.digest, note: word });
    },
  },
};

/** A record nobody told of: made as its own example says, with the word in the first field it is searched by. */
const untold = (name: string): Life => {
  const { fields = {}, writable } = registry.records.get(name) ?? {};
  const [member] =
    Object.entries(fields).find(
      ([field, { kind, search }]) => search && /text$/.test(kind) && field in (writable?.shape ?? {}),
    ) ?? [];
  if (member === undefined) throw new Error(`test/search/documents.test.ts has to tell of ${name}`);
  return plain(name, member, { ...registry.action(`${name}.create`).spec.example });
};

const lives: Readonly<Record<string, Life>> = {
  ...told,
  ...Object.fromEntries(
    [...registry.indexed.keys()].filter(name => !told[name]).map(name => [name, untold(name)]),
  ),
};

/** Kinds whose first words stay, because what was asked for or said stays: a decision only adds to it. */
const keepsWords = new Set(['authorization_request']);

/** Records that nobody looks for by words, each with its reason. */
const unsearched: readonly string[] = [
  // Whoever was merged is found as the customer who stayed.
  'contact_merge',
  'closeout_session',
  // Holds no words: who was offered a time is found as the customer, or as who waits.
  'waitlist_offer',
  // Found by their bill, their customer, or their number.
  'payment',
  'refund',
];

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

/** None is like another one, not even with a few letters wrong. */
const unlike = `
  abacus balalaika cantilever dandelion eiderdown fandango gargoyle harpsichord iceberg juniper kaleidoscope labyrinth
  marzipan nightingale obelisk parchment quagmire rhubarb sarsaparilla tambourine umbrella velociraptor wheelbarrow
  xylophone yesteryear zeppelin bumblebee crocodile dragonfly elephant grasshopper hippopotamus jellyfish kookaburra
  limestone mahogany nectarine oleander pomegranate rutabaga sandalwood thunderbolt ukulele vermilion windjammer
  yardstick zucchini bobsleigh chimpanzee aubergine boomerang cauliflower driftwood escalator flamingo glockenspiel
  hovercraft icicle jackdaw kangaroo lighthouse metronome narwhal ostrich pistachio
  quadrille rollercoaster snowdrift trampoline`
  .trim()
  .split(/\s+/);
function freshWord(): string {
  const word = unlike.pop() ?? madeUp();
  given.push(word);
  return word;
}

const given: string[] = [];
const random = randomFor(26);
const oneOf = (letters: string) => letters.charAt(Math.floor(random() * letters.length));

/** However many records there are: a word that is like none before it. */
function madeUp(): string {
  const syllables = Array.from({ length: 5 }, () => oneOf('bdfgklmnprstvz') + oneOf('aeiou'));
  const word = syllables.join('');
  return given.every(other => distance(word, other) > 5) ? word : madeUp();
}

test('every record is searched, and nothing is told of that is not', () => {
  const { records, indexed } = office().app.registry;
  expect([...records.keys()].filter(name => !indexed.has(name))).toEqual(unsearched);
  expect(Object.keys(told).filter(name => !indexed.has(name))).toEqual([]);
  expect(indexed.size).toBeGreaterThan(9);
});

describe.each(Object.keys(lives))('a record of kind %s', kind => {
  test('is found by its words, by the new ones only when it is edited, and not when it is deleted', async () => {
    const life = lives[kind];
    if (!life) throw new Error(`no life of ${kind}`);
    const [first, second] = [freshWord(), freshWord()];
    expect(await found(first, kind)).toEqual([]);
    const id = await life.make(first);
    expect(await found(first, kind)).toEqual([id]);
    await life.edit?.(id, second);
    if (life.edit) {
      expect(await found(second, kind)).toEqual([id]);
      expect(await found(first, kind)).toEqual(keepsWords.has(kind) ? [id] : []);
    }
    await life.remove?.(id);
    if (life.remove) expect(await found(life.edit ? second : first, kind)).toEqual([]);
  });

  test('is never found by another business', async () => {
    const word = freshWord();
    const id = await lives[kind]?.make(word);
    expect(await found(word, kind, office().clear)).toEqual([]);
    expect(await found(word, kind)).toEqual([id]);
  });
});

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

test('somebody without the right to read a kind does not find it', async () => {
  const word = freshWord();
  const id = await lives.contact?.make(word);
  const find = (who: Parameters<Office['read']>[0]) =>
    office().read(who, 'search', { search: word, fields: ['id'] });
  expect(await find(as(office().bright, 'Theo'))).toEqual([]);
  expect(await find(as(office().bright, 'Dana'))).toMatchObject([{ id }]);
});
