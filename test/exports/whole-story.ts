import { newId } from '../../core/kernel/database/ids.ts';
import { tellStory } from '../contracts/story.ts';
import type { Business, Office } from '../support/office.ts';
import { asSuperuser } from './archives.ts';

/** Values that are easily bent on the way: every digit, sign, code point and kind of nothing. */
const settings = { 'odd.values': { nothing: null, deep: [{ a: [1.5, null, '\u2028"\\\n\t'] }] } };
const notes =
  'tabs\tand\r\nlines, "quotes", \\n, \\u0000, 日本語, 👩‍🔧, u\u0308 and ü, \u0001, \u2028, <b>&amp;</b>';

/** A business with rows in every table there is, and values that are easily bent. */
export async function tellWholeStory(office: Office, business: Business, name: string): Promise<void> {
  await tellStory(office, business, name);
  const { id } = business;
  const fresh = newId;
  // Past the triggers: some of these no action of ours would write.
  await asSuperuser(office.database.admin, [
    ['update organizations set settings = settings || $2 where id = $1', [id, JSON.stringify(settings)]],
    ['update contacts set notes = $2 where organization_id = $1', [id, notes]],
    [
      `update payments set received_at = '2026-11-18 10:11:12.123457+05:45', amount_cents = 9007199254740993
       where organization_id = $1`,
      [id],
    ],
    [
      `update attributes set value = '12345678901234567890.10', details = jsonb_build_object('at', id)
       where organization_id = $1`,
      [id],
    ],
    // The value null of JSON is something else than no value.
    [
      `update jobs set result = 'null' where organization_id = $1
       and id = (select id from jobs where organization_id = $1 order by id desc limit 1)`,
      [id],
    ],
    [
      `insert into jobs (organization_id, id, kind, payload, run_at, dedupe_key)
       values ($1, $2, 'email', '{"to": "jane@example.com"}', '2026-11-17', $3)`,
      [id, fresh(), `waits ${name}`],
    ],
    [
      `insert into business_deletions (organization_id, id, asked_by, asked_at, delete_at)
       select organization_id, $2, id, '2026-11-18', '2026-11-25' from members
       where organization_id = $1 and role = 'owner' limit 1`,
      [id, fresh()],
    ],
    [
      `insert into idempotency_keys (organization_id, actor_key, key, action, input_hash)
       values ($1, 'somebody', $2, 'contact.create', 'x')`,
      [id, fresh()],
    ],
    [
      `insert into timers (organization_id, name, schedule, next_run_at) values ($1, 'never.rings', 'every day', '-infinity')`,
      [id],
    ],
    [
      `insert into automation_settings (organization_id, id, automation, is_enabled) values ($1, $2, 'some.automation', false)`,
      [id, fresh()],
    ],
    [
      `insert into authorization_request_items (organization_id, id, authorization_request_id, action, input, schema_hash,
         asked_hash, rule_reason, preview, affected_rows)
       select organization_id, $2, id, action, input, schema_hash, asked_hash, rule_reason, preview, 1
       from authorization_requests where organization_id = $1 limit 1`,
      [id, fresh()],
    ],
    [
      `insert into checkout_sessions (organization_id, id, session_id, invoice_id, amount_cents, currency, url, expires_at)
       select organization_id, $2, 'cs_' || id, id, 100, 'USD', 'https://pay.example', 'infinity'
       from invoices where organization_id = $1 limit 1`,
      [id, fresh()],
    ],
    [
      `insert into grant_uses (organization_id, grant_id, used_on) select organization_id, id, '2026-11-18'
       from permission_overrides where organization_id = $1 limit 1`,
      [id],
    ],
    [
      `insert into invoice_reminders (organization_id, invoice_id, step, remind_on) select organization_id, id, 1, '2026-11-18'
       from invoices where organization_id = $1 limit 1`,
      [id],
    ],
  ]);
}
