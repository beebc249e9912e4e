import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { redactMembers } from '../../core/kernel/pipeline/redact-members.ts';
import type { JsonSchema } from '../../core/kernel/words/parse-input.ts';
import { itemsOf } from '../../core/kernel/words/parse-input.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { calls, isForNobody } from '../contracts/registered.ts';
import { png } from '../organizations/logos.ts';
import { useOffice } from '../support/office.ts';

// What machines make up is letters and digits as they fall, and now and then they fall like a number that is taken out of
// what people write. A picture, a digest or an id with letters taken out is broken.

const office = useOffice();

/** A code of machines in which a text of people would be redacted. */
const looksLikeNumber = (code: string): string => {
  expect(redact(code).found).not.toEqual([]);
  return code;
};

describe('what machines make up is kept as it came', () => {
  test('a logo', async () => {
    const { bright, done, read } = office();
    const file = looksLikeNumber(pictureThatReads('cvv123//').toString('base64'));
    await done(bright.owner, 'organization.set_logo', { file });
    const [logo] = await read(bright.owner, 'logo', {
      params: { with_picture: 'yes' },
      fields: ['picture'],
    });
    expect(logo?.picture).toBe(file);
  });

  test('the digest of an export', async () => {
    const { bright, database, done } = office();
    const worker = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
    const sha256 = looksLikeNumber('c2174acbf3dea30039374344853a41edd4f044e34c5a84dc31fc9c4dea572ce0');
    const { id: export_id } = await done(bright.owner, 'export.run', {});
    await done(worker, 'export.finish', { export_id, file_name: 'a.zip', rows: 1, bytes: 1, sha256 });
    const { rows } = await database.owner.query('select sha256 from exports where id = $1', [export_id]);
    expect(rows).toEqual([{ sha256 }]);
  });

  test('the word that takes a call back, whatever it ends with', async () => {
    const { app, bright, read } = office();
    const at = soonWith('cvv');
    looksLikeNumber(`u-${at.toString(36)}123`);
    const request_id = idOf(at, Number.parseInt('123', 36));
    const name = 'Firm of an unlucky moment';
    const made = await app.execute(
      bright.owner,
      { action: 'company.create', data: { name } },
      { request_id },
    );
    const firms = async () => (await read(bright.owner, 'companies')).map(row => row.name);
    expect(await firms()).toContain(name);
    await office().done(bright.owner, 'undo', { of: String(made.undo) });
    expect(await firms()).not.toContain(name);
  });

  test('whatever only the house or a service says, unless people have written it', () => {
    const words = members.filter(({ call, path, schema }) => {
      const input = path.reduceRight<unknown>(
        (inner, step) => (step === '*' ? [inner] : { [step]: inner }),
        're_x1cvv123',
      );
      return (
        isForNobody(call) && isPlain(schema) && redactMembers(call.inputSchema, input).findings.length > 0
      );
    });
    expect(words.map(({ call, path }) => `${call.id} ${path.join('.')}`)).toEqual([
      ...['name', 'email', 'description', 'service_type', 'preferred_time', 'website', 'came_from'].map(
        name => `lead.submit_form ${name}`,
      ),
      'ticket.respond words',
      'invoice.note_not_at_stripe said',
      'invoice.say_paid words',
      'payment.record_event type',
      'payment.record_refund failure',
      'message.check_delivery to',
      'message.record_delivery to',
      'message.record_delivery error',
      'message.record_event reason',
      'export.note_written file_name',
      'export.finish file_name',
      'export.finish error',
      'automation.start_on_timer timer',
    ]);
  });
});

describe('a kind of text', () => {
  test('is said of the text itself, where it is heard', () => {
    const unheard = members.filter(({ schema }) => schema.anyOf && schema.text_kind !== undefined);
    expect(unheard.map(({ call, path }) => `${call.id} ${path.join('.')}`)).toEqual([]);
    expect(members.filter(({ schema }) => schema.text_kind === 'code').length).toBeGreaterThan(15);
  });

  test('is that of a phone wherever a phone is meant, which may look like a social security number', async () => {
    const phones = members.filter(
      ({ path, schema }) => /(^|_)phone$/.test(path.at(-1) ?? '') && schema.type === 'string',
    );
    const others = phones.filter(({ schema }) => schema.text_kind !== 'phone');
    expect(others.map(({ call, path }) => `${call.id} ${path.join('.')}`)).toEqual([]);
    expect(phones.length).toBeGreaterThan(10);
  });
});

interface Member {
  call: (typeof calls)[number];
  path: readonly string[];
  schema: JsonSchema;
}

const members: readonly Member[] = calls.flatMap(call =>
  everyMember(call.inputSchema).map(member => ({ call, ...member })),
);

function everyMember(schema: JsonSchema, path: readonly string[] = []): Omit<Member, 'call'>[] {
  const items = itemsOf(schema);
  return [
    { path, schema },
    ...(schema.anyOf ?? []).flatMap(option => everyMember(option, path)),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, member]) =>
      everyMember(member, [...path, name]),
    ),
    ...(items ? everyMember(items, [...path, '*']) : []),
  ];
}

const isPlain = ({ type, enum: choices, pattern }: JsonSchema) =>
  type === 'string' && choices === undefined && !String(pattern ?? '').includes('\\d');

/** The next moment, in milliseconds, that ends with these three signs where it is written with 36. */
function soonWith(end: string): number {
  const last = Number.parseInt(end, 36);
  const [now, lap] = [Date.now(), 36 ** 3];
  return now - (now % lap) + last + (now % lap > last ? lap : 0);
}

/** A version 7 id of a moment, with the end that its undo word has. */
function idOf(at_ms: number, end: number): string {
  const time = at_ms.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}${newId().slice(13, -4)}${end.toString(16).padStart(4, '0')}`;
}

/** A picture with these signs in its base64, in a remark of its own before its end. */
function pictureThatReads(signs: string): Buffer {
  const picture = png();
  const [start, end] = [picture.subarray(0, -12), picture.subarray(-12)];
  const offset = start.length + 8;
  const remark = Buffer.concat([Buffer.alloc((3 - (offset % 3)) % 3, 'x'), Buffer.from(signs, 'base64')]);
  const body = Buffer.concat([Buffer.from('tEXt'), remark]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(remark.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([start, length, body, sum, end]);
}
