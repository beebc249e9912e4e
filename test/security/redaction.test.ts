import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { redactMembers } from '../../core/kernel/pipeline/redact-members.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { itemsOf, type JsonSchema } from '../../core/kernel/words/parse-input.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { readyInput } from '../contracts/ready-input.ts';
import { calls, isForNobody } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';
import { ordinaryNotes } from './ordinary-notes.ts';

const office = useOffice();
let story: Story;

beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Brightly');
});

/** A card number of its own for each member, so that one that is found tells where it came through. */
function cardOf(index: number): string {
  const digits = `4${String(index * 7919).padStart(14, '7')}`;
  return [...'0123456789'].map(last => digits + last).find(card => redact(card).found.length > 0) ?? '';
}

/** Where people write in the input of a call: every text that is no choice, pointer, id, day or code. */
function textMembers(schema: JsonSchema, path: readonly string[] = []): (readonly string[])[] {
  if (schema.anyOf) {
    const found = schema.anyOf.flatMap(option => textMembers(option, path));
    return [...new Map(found.map(one => [one.join('.'), one])).values()];
  }
  const items = itemsOf(schema);
  const own: unknown = schema.additionalProperties;
  return [
    ...(isWritten(schema) ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      textMembers(member, [...path, name]),
    ),
    ...(typeof own === 'object' && own !== null ? textMembers({ ...own }, [...path, 'extra_field']) : []),
    ...(items ? textMembers(items, [...path, '*']) : []),
  ];
}

const isWritten = ({ type, enum: choices, const: one, ref, format, pattern, text_kind }: JsonSchema) =>
  type === 'string' &&
  [choices, one, ref, format].every(said => said === undefined) &&
  text_kind !== 'code' &&
  !String(pattern ?? '').includes('\\d');

const members = calls
  .filter(call => !isForNobody(call))
  .flatMap(call => textMembers(call.inputSchema).map(path => ({ call, path })));

/** The input with the text at the path; what is not there yet on the way is made, `*` is the first item of a list. */
function put(input: unknown, path: readonly string[], text: string): Record<string, unknown> {
  const putAt = (value: unknown, [step, ...rest]: readonly string[]): unknown => {
    if (step === undefined) return text;
    if (step === '*') {
      const [first, ...others]: unknown[] = Array.isArray(value) ? value : [];
      return [putAt(first, rest), ...others];
    }
    const known = typeof value === 'object' && value !== null ? { ...value } : {};
    return { ...known, [step]: putAt(Reflect.get(known, step), rest) };
  };
  const [name = '', ...rest] = path;
  const known = typeof input === 'object' && input !== null ? { ...input } : {};
  return { ...known, [name]: putAt(Reflect.get(known, name), rest) };
}

async function write({ call, path }: (typeof members)[number], text: string): Promise<string> {
  const data = put(
    await readyInput(office(), story, call).catch(() => ({ ...call.spec.example })),
    path,
    text,
  );
  try {
    const { status, warnings } = await office().app.execute(
      office().bright.owner,
      { action: call.id, data, idempotency_key: newId() },
      { request_id: newId() },
    );
    return `${status} ${warnings.join(' ')}`;
  } catch (error) {
    if (error instanceof DeskhandError) return error.code;
    throw error;
  }
}

describe('every text of every action', () => {
  test('keeps no card number, wherever in the whole database one looks', async () => {
    const written = members.map((member, index) => ({ member, card: cardOf(index + 1) }));
    const outcomes: string[] = [];
    for (const { member, card } of written) outcomes.push(await write(member, card));
    const everything = (await textOfEverything(office().database.owner)).replace(/[ -]/g, '');
    const kept = written.filter(({ card }) => everything.includes(card));
    expect(kept.map(({ member: { call, path } }) => `${call.id} ${path.join('.')}`)).toEqual([]);
    // Most went through with what is left of them, and said so; the others were refused.
    const told = outcomes.filter(outcome => outcome.includes('A card number was removed'));
    expect(members.length).toBeGreaterThan(150);
    expect(told.length).toBeGreaterThan(members.length / 3);
    // And where, in words: "the value of the first attribute", not a path of a machine.
    const places = told.flatMap(outcome =>
      [...outcome.matchAll(/removed from (.*?): such/g)].map(([, place]) => place),
    );
    expect(places.filter(place => /\.|(^|\s)\d|_(?!\w*")/.test(place ?? ''))).toEqual([]);
    expect(places).toContain('the description of the first line');
  });

  test('and nothing is taken out of an ordinary one, nor refused for it', async () => {
    const outcomes: string[] = [];
    for (const member of members) outcomes.push(await write(member, 'Gate 4412, call 256-555-0142'));
    expect(outcomes.filter(outcome => outcome.includes('removed'))).toEqual([]);
    expect(outcomes.filter(outcome => outcome.startsWith('done')).length).toBeGreaterThan(members.length / 3);
  });

  test('of an agent neither, nor the key by which it repeats a call', async () => {
    const { act, bright, database } = office();
    const card = cardOf(9_001);
    await act(
      bright.agent,
      'note.create',
      { contact_id: pickFrom(story, 'contact'), content: 'Dog' },
      { idempotency_key: card, reasoning: `The customer told us about the dog and ${card}` },
    );
    expect(await textOfEverything(database.owner)).not.toContain(card);
  });
});

describe('what was taken out of a call that is not done', () => {
  /** The security events since a moment, as the owner reads them. */
  const eventsOf = async (work: () => Promise<unknown>) => {
    const { read, bright } = office();
    const list = () => read(bright.owner, 'security_events', { params: { kind: 'redaction' }, limit: 100 });
    const before = new Set((await list()).map(({ id }) => id));
    await work();
    return (await list()).flatMap(({ id, action, field, details }) =>
      before.has(id) ? [] : [{ action, field, ...Object(details) }],
    );
  };
  const card = cardOf(9_101);
  const cases: [string, string, Record<string, unknown>, string, string][] = [
    ['points to nobody', 'note.create', { contact_id: 'C-9999', content: card }, 'content', 'NOT_FOUND'],
    [
      'has one where no marker fits',
      'contact.create',
      { full_name: 'Jane', emails: [{ email: `jane@${card}.example` }] },
      'emails.0.email',
      'VALIDATION_ERROR',
    ],
    [
      'has one for a name',
      'audit.log',
      { contact_id: 'C-1001', action: 'asked_us', data: { [`no ${card}`]: 'gold' } },
      `data.no [REDACTED CARD ..${card.slice(-4)}]`,
      'VALIDATION_ERROR',
    ],
  ];

  test.each(cases)(
    'is written down when it %s, once a minute',
    async (_name, action, data, field, refused) => {
      const { act, bright, database } = office();
      const tried = async () =>
        expect(await refusal(act(bright.owner, action, data))).toMatchObject({ code: refused });
      expect(await eventsOf(tried)).toEqual([{ action, field, kinds: ['CARD'], refused }]);
      expect(await eventsOf(tried)).toEqual([]);
      expect(await textOfEverything(database.owner)).not.toContain(card);
    },
  );

  test('is written down once when it is done, and not when there was nothing', async () => {
    const { act, done, bright } = office();
    const note = { contact_id: pickFrom(story, 'contact'), content: card };
    const event = { action: 'note.create', field: 'content', kinds: ['CARD'] };
    expect(await eventsOf(() => done(bright.owner, 'note.create', note))).toEqual([event]);
    expect(await eventsOf(() => done(bright.owner, 'note.create', note))).toEqual([event]);
    const plain = { contact_id: 'C-9999', content: 'Dog' };
    expect(await eventsOf(() => refusal(act(bright.owner, 'note.create', plain)))).toEqual([]);
  });

  test('and of a file that waits for the owner', async () => {
    const { act, bright, database } = office();
    const rows = Array.from(
      { length: 7 },
      (_, index) => `Filed,Person${index},f${index}@x.example,,card ${card}`,
    );
    const content = `First Name,Last Name,Email Address,Phone Number,Memo\n${rows.join('\n')}\n`;
    let waiting: Record<string, unknown> = {};
    const asked = await eventsOf(async () => {
      const outcome = await act(
        bright.agent,
        'import.square',
        { content },
        { reasoning: 'The owner sent the file' },
      );
      waiting = { status: outcome.status, ...outcome.data };
    });
    expect(waiting.status).toBe('pending_authorization');
    expect(asked).toContainEqual({ action: 'import.square', field: 'memo', kinds: ['CARD'] });
    // The file waits without them, too.
    const everything = await textOfEverything(database.owner);
    expect(everything).toContain('f6@x.example');
    expect(everything).not.toContain(card);
  });
});

test('a file is kept without the card numbers in its cells, in whatever column, of refused rows too', async () => {
  const { done, bright, database } = office();
  const cards = Array.from({ length: 6 }, (_, index) => cardOf(9_201 + index));
  const [first, company, nickname, memo, gate, refused] = cards;
  const content = [
    'First Name,Last Name,Email Address,Phone Number,Company Name,Nickname,Memo,Gate',
    `${first},Filed,cells@x.example,,${company},${nickname},pays by ${memo},${gate}`,
    `${refused},Nobody`,
  ];
  const report = await done(bright.owner, 'import.square', { content: content.join('\n') });
  expect(report).toMatchObject({ created: 1, refused: [{ row: 3 }] });
  const everything = await textOfEverything(database.owner);
  expect(everything).toContain('cells@x.example');
  expect(cards.filter(card => everything.includes(card))).toEqual([]);
  expect(cards.filter(card => JSON.stringify(report).includes(card))).toEqual([]);
});

describe('a number spread over neighbouring members', () => {
  const spread: [string, Record<string, unknown>][] = [
    ['two names', { first_name: '41111111', last_name: '11111111' }],
    ['a note and a name', { notes: 'her card starts 4111 1111', nickname: '1111 1111' }],
    ['four tags', { tags: ['4111', '1111', '1111', '1111'] }],
    ['sixteen tags', { tags: [...'4111111111111111'] }],
    ['two fields of one’s own', { custom_fields: { one: '411111', two: '1111111111' } }],
    ['numbers', { custom_fields: { one: 41_111_111, two: 11_111_111 } }],
    ['odd digits', { first_name: '④①①①①①①①', last_name: '①①①①①①①①' }],
  ];
  const contact = calls.find(({ id }) => id === 'contact.create');

  test.each(spread)('is found: %s', (_name, input) => {
    const { value, findings } = redactMembers(contact?.inputSchema ?? {}, input);
    expect(findings.length).toBeGreaterThan(1);
    expect(
      JSON.stringify(value)
        .normalize('NFKC')
        .replace(/[^0-9A-Z]/g, ''),
    ).not.toMatch(/[0-9]{6}/);
  });

  test('is not seen where there is none: codes, references, postal codes and telephones beside each other', () => {
    const ordinary = [
      { custom_fields: { gate: '4111', alarm: '1111', lockbox: '1111', garage: '1111' } },
      { phone: '41111111', phones: [{ number: '11111111' }] },
      { first_name: 'Jane', last_name: 'Smith', nickname: '4111', custom_fields: { floors: 2, panes: 45 } },
      { notes: 'Gate 4111', tags: ['weekly', '2026'], source_ref: 'SQ-4111 1111' },
    ];
    for (const input of ordinary) {
      expect(redactMembers(contact?.inputSchema ?? {}, input)).toEqual({ value: input, findings: [] });
    }
  });
});

describe('a card number in unusual digits', () => {
  /** What somebody may write for 0 to 9; some have no zero. */
  const digits: Readonly<Record<string, string>> = {
    'in circles': '⓪①②③④⑤⑥⑦⑧⑨',
    'in black circles': '⓿❶❷❸❹❺❻❼❽❾',
    'in round circles': '🄋➀➁➂➃➄➅➆➇➈',
    'in round black circles': '🄌➊➋➌➍➎➏➐➑➒',
    'in double circles': '-⓵⓶⓷⓸⓹⓺⓻⓼⓽',
    'in brackets': '-⑴⑵⑶⑷⑸⑹⑺⑻⑼',
    'with full stops': '🄀⒈⒉⒊⒋⒌⒍⒎⒏⒐',
    'with commas': '🄁🄂🄃🄄🄅🄆🄇🄈🄉🄊',
    raised: '⁰¹²³⁴⁵⁶⁷⁸⁹',
    lowered: '₀₁₂₃₄₅₆₇₈₉',
    'of full width': '０１２３４５６７８９',
    Arabic: '٠١٢٣٤٥٦٧٨٩',
    Persian: '۰۱۲۳۴۵۶۷۸۹',
    Devanagari: '०१२३४५६७८९',
    Bengali: '০১২৩৪৫৬৭৮৯',
    Thai: '๐๑๒๓๔๕๖๗๘๙',
    Chinese: '〇一二三四五六七八九',
    Roman: '-ⅠⅡⅢⅣⅤⅥⅦⅧⅨ',
    'Roman and small': '-ⅰⅱⅲⅳⅴⅵⅶⅷⅸ',
    'in bold': '𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗',
    outlined: '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡',
    'of one width': '𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿',
  };
  const complete = (most: string) =>
    [...'123456789'].map(last => most + last).find(card => redact(card).found.length > 0) ?? '';

  test.each(Object.entries(digits))(
    'is found when they are %s, by the server and by the database',
    async (_name, written) => {
      const [zero = '', ...others] = [...written];
      // Each of the ten at least once.
      const card = complete(zero === '-' ? '412356789412356' : '410235678940123');
      const text = `for ${[...card].map(digit => [zero, ...others][Number(digit)]).join('')}, thanks`;
      const left = `for [REDACTED CARD ..${card.slice(-4)}], thanks`;
      expect(redact(text)).toEqual({ text: left, found: ['CARD'] });
      const { rows } = await office().database.owner.query('select redact_free_text($1) as text', [text]);
      expect(rows).toEqual([{ text: left }]);
      // Another number, with a wrong check digit, stays.
      const other = text.replace(others[4] ?? '', others[6] ?? '');
      expect(redact(other)).toEqual({ text: other, found: [] });
    },
  );
});

describe('ten thousand ordinary notes', () => {
  test('lose nothing: telephones, prices, dates, orders, codes, addresses, IBANs, coordinates, measures', () => {
    const notes = ordinaryNotes(10_000);
    const effort = { steps: 0 };
    const damaged = notes.filter(note => redact(note, effort).found.length > 0);
    expect(damaged).toEqual([]);
    expect(new Set(notes).size).toBeGreaterThan(9_000);
    expect(effort.steps).toBeLessThan(60 * notes.join('').length);
  });

  test('lose a card that stands among them, in whatever way it is written', () => {
    const ways = [
      (card: string) => card,
      (card: string) => parts(card).join(' '),
      (card: string) => parts(card).join('.'),
      (card: string) => parts(card).join(' / '),
      (card: string) => parts(card).join(', '),
      (card: string) => parts(card).join('|'),
      (card: string) => parts(card).join('\u200b\u00a0'),
      (card: string) => parts(card).join(' then '),
      (card: string) => parts(card).join('\n'),
      (card: string) => [...card].join(' '),
      (card: string) => [...card].map(digit => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)]).join(''),
      (card: string) => [...card].map(digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join(''),
      (card: string) => [...card].map(digit => spoken[Number(digit)]).join(' '),
    ];
    const missed = ordinaryNotes(1_300, 7).flatMap((note, index) => {
      const card = cardOf(index + 1);
      const way = ways[index % ways.length] ?? String;
      const text = `${note}\nThe card is ${way(card)}; thanks. ${note}`;
      return redact(text).text.includes(`[REDACTED CARD ..${card.slice(-4)}]`) ? [] : [text];
    });
    expect(missed).toEqual([]);
  });
});

const parts = (card: string) => card.match(/.{4}/g) ?? [];
const spoken = 'zero one two three four five six seven eight nine'.split(' ');
