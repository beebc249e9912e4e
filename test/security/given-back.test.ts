import { beforeEach, describe, expect, test } from 'vitest';
import { redactFact } from '../../core/attributes/facts.ts';
import { understandNote } from '../../core/extraction/understand.ts';
import { identitySchema } from '../../core/kernel/pipeline/context.ts';
import { knownOf, newCustomer } from '../attributes/known-of.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { scriptedModel } from '../extraction/model.ts';
import { textOfEverything } from '../support/whole-database.ts';
import { formOf, nextDay, useCloseOutPages } from '../web/close-out-pages.ts';

// What somebody typed is given back on a page, read by a model or by rules, or waits for the owner before it is a note:
// card and social security numbers are taken out there as well.

const model = scriptedModel();
const { pages, panes, book, send, see, upTo } = useCloseOutPages(model);
const nothing = () => ({ attributes: [] });

beforeEach(() => {
  model.asked = [];
  model.says = nothing;
});

const typed = 'Gate 4412, call 256-555-0142. Card 4012 8888 8888 1881, SSN 219-09-9999.';
const left = 'Gate 4412, call 256-555-0142. Card [REDACTED CARD ..1881], SSN [REDACTED SSN].';

describe('a page gives back what was typed without card and social security numbers', () => {
  test('when it is refused, because somebody is signed out', async () => {
    const refused = await pages().send('/contacts/C-1001/notes', { form: { content: typed } });
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain(`<textarea id="wrote" rows="8" readonly>${left}</textarea>`);
  });

  test('when it goes along with another step of a close-out', async () => {
    const reference = await book({}, nextDay());
    const at = `/close-out/${reference}/work`;
    const again = await send(await see(at), at, { hours: 'three', notes: typed });
    expect(again.status).toBe(400);
    expect(formOf(again.markup, at)).toMatchObject({ hours: 'three', notes: left });
    expect(again.markup).not.toMatch(/4012 8888|219-09-9999/);
  });

  test('when a visit was closed meanwhile, and what was typed can only be kept as a note', async () => {
    const reference = await book({ lines: [{ service_id: 'S-1' }] }, nextDay());
    const page = await upTo(reference, 'notes');
    const closing = { ticket_id: reference, duration_minutes: 60, notes: '', next_service: 'no' };
    await pages().done(panes().dana, 'ticket.close', closing);
    const ended = await send(page, `/close-out/${reference}/notes`, { notes: typed });
    expect(ended.status).toBe(409);
    expect(formOf(ended.markup, `/close-out/${reference}/note`).content).toContain(left);
    expect(ended.markup).not.toMatch(/4012 8888|219-09-9999/);
  });
});

describe('what is understood of a text', () => {
  const organization = identitySchema.shape.organization.parse({
    id: '018f0000-0000-7000-8000-000000000001',
    slug: 'bright-panes',
    name: 'Bright Panes',
    time_zone: 'America/Chicago',
    currency: 'USD',
    country: 'US',
    business_hours: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    settings: {},
  });
  const text = (code: string) => `Dog named Biscuit. Gate code ${code}.`;
  const dog = { key: 'pet', value: 'dog', details: { name: 'Biscuit' } };

  test('by rules takes no part of a card number for a gate code, and a gate code for one', async () => {
    const read = async (code: string) =>
      (await understandNote({ organization, connectors: { model: undefined } }, text(code))).fields
        .attributes;
    expect(await read('4412')).toEqual([dog, { key: 'gate_code', value: '4412' }]);
    expect(JSON.stringify(await read('4012 8888 8888 1881'))).not.toMatch(/4012|8888/);
    expect(await read('4012 8888 8888 1881')).toContainEqual(dog);
  });

  test('by a model is asked for without the number', async () => {
    await understandNote({ organization, connectors: { model } }, typed);
    const asked = JSON.stringify(model.asked);
    expect(asked).toContain(left);
    expect(asked).not.toMatch(/4012 8888|219-09-9999/);
  });

  test('by a model keeps no number that the model brings, and every other word of it', async () => {
    const { done, dana, database } = panes();
    const contact_id = await newCustomer(panes(), 'Mrs Facts');
    const facts = [
      { key: 'gate_code', value: '4412' },
      { key: 'payment_note', value: 'card 4012888888881881' },
      { key: 'pet', value: 'dog', details: { tag: 4_242_424_242_424_242 } },
    ];
    model.says = () => ({ attributes: facts });
    await done(dana, 'note.create', { contact_id, content: 'She pays.', extract: 'now' });
    expect(await knownOf(panes(), contact_id)).toEqual(['gate_code: 4412?']);
    model.says = () => ({ full_name: 'Mary 4012888888881881', city: 'Madison', property_details: facts });
    expect(await done(dana, 'lead.create', { raw_notes: 'Mary in Madison pays.' })).toMatchObject({
      extracted_by: 'llm',
      full_name: null,
      city: 'Madison',
      property_details: [{ key: 'gate_code', value: '4412' }],
    });
    expect(await textOfEverything(database.owner)).not.toMatch(/4012888888881881|4242424242424242/);
  });

  test('becomes a fact without the number, wherever the fact comes from', () => {
    const fact = {
      key: 'payment_note',
      value: 'card 4012888888881881',
      details: { other: 4_242_424_242_424_242 },
    };
    expect(redactFact(fact)).toEqual({
      key: 'payment_note',
      value: 'card [REDACTED CARD ..1881]',
      details: { other: '[REDACTED CARD ..4242]' },
    });
    const ordinary = { key: 'gate_code', value: 4412, details: { phone: '256-555-0142', works: true } };
    expect(redactFact(ordinary)).toEqual(ordinary);
  });

  test('waits for the owner without the number too, when an agent takes an inquiry in', async () => {
    const { bright, done, read, database } = pages();
    await done(bright.owner, 'authorization.set_level', {
      action: 'lead.create',
      level: 'requires_authorization',
    });
    const asked = await askFor(pages(), bright, 'lead.create', { raw_notes: typed });
    const [request] = await read(bright.owner, 'authorization_requests', { id: asked.request });
    expect(JSON.stringify(request)).toContain(left);
    const everything = await textOfEverything(database.owner);
    expect(everything).toContain(left);
    expect(everything).not.toMatch(/4012 8888|219-09-9999/);
  });
});
