import { distance } from 'fastest-levenshtein';
import { describe, expect, test } from 'vitest';
import { registry } from '../contracts/registered.ts';
import { as, type Office } from '../support/office.ts';
import { randomFor } from '../support/random.ts';
import { useFinding } from './finding.ts';

// Whatever there is is found by its words (UNI-02): a new one, an edited one by its new words only, a deleted one not.

const { office, done, make, found } = useFinding();

/** A record of one kind: how one with a word comes to be, gets another word, and goes. */
interface Life {
  /** Answers its id. */
  make(word: string): Promise<string>;
  edit?(id: string, word: string): Promise<unknown>;
  remove?(id: string): Promise<unknown>;
}

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

test('somebody without the right to read a kind does not find it', async () => {
  const word = freshWord();
  const id = await lives.contact?.make(word);
  const find = (who: Parameters<Office['read']>[0]) =>
    office().read(who, 'search', { search: word, fields: ['id'] });
  expect(await find(as(office().bright, 'Theo'))).toEqual([]);
  expect(await find(as(office().bright, 'Dana'))).toMatchObject([{ id }]);
});
