import { itemsOf, type JsonSchema } from '../../core/kernel/words/parse-input.ts';

/** Answers the id that stands for a record where a schema points to one. */
export type Pick = (record: string) => string;

const decision = (pick: Pick) => ({ request: pick('waiting request'), digest: pick('digest') });

const nextVisit = (pick: Pick) => ({
  next_service: 'yes',
  appointment: { scheduled_at: '2026-12-21T09:00', technician_ids: [pick('member')] },
});

/** What no schema can say: members without which an action or view does nothing. */
const alsoNeeded: Readonly<Record<string, (pick: Pick) => Record<string, unknown>>> = {
  'contact.create': () => ({ full_name: freshText('Sample') }),
  'address.create': pick => ({ contact_id: pick('contact') }),
  'note.create': pick => ({ contact_id: pick('contact') }),
  'service.create': () => ({ price_cents: 1000 }),
  'member.update': () => ({ name: freshText('Sample') }),
  'import.square': () => ({
    content: `First Name,Last Name,Email Address,Phone Number,Square Customer ID\nAda,${freshText('Byron')},,,\n`,
    encoding: 'text',
  }),
  'contact.set_preferences': () => ({ time_of_day: 'morning' }),
  'ticket.update_line': () => ({ quantity: 9 }),
  'ticket.reschedule': () => ({ duration_minutes: 90 }),
  'organization.update_settings': () => ({ name: freshText('Sample') }),
  'ticket.create': pick => ({ address_id: pick('address') }),
  'ticket.close': nextVisit,
  'closeout.start': pick => ({ ticket_id: pick('planned visit') }),
  'closeout.confirm_work': pick => ({ ticket_id: pick('visit to close out') }),
  'closeout.set_notes': pick => ({ ticket_id: pick('visit to close out') }),
  'closeout.set_next_service': pick => ({ ticket_id: pick('visit to close out'), ...nextVisit(pick) }),
  'closeout.review': pick => ({ ticket_id: pick('visit to close out') }),
  'closeout.look_again': pick => ({ ticket_id: pick('visit with unread notes') }),
  'closeout.complete': pick => ({ ticket_id: pick('visit to close out'), review: pick('review') }),
  'closeout.payment_choice': pick => ({ ticket_id: pick('visit to be paid') }),
  'closeout.read_notes': pick => ({ session_id: pick('close-out that is read'), failed: true }),
  'automation.set_enabled': () => ({ automation: 'lead.end_call_backs', is_enabled: false }),
  'automation.run': pick => ({ run: pick('waiting run') }),
  'automation.start_on_timer': () => ({ timer: 'authorization.expire_requests' }),
  'message.update': () => ({ body: freshText('Sample') }),
  'invoice.create_from_ticket': pick => ({ ticket_id: pick('closed visit') }),
  'invoice.record_payment': pick => ({ invoice_id: pick('sent invoice') }),
  'invoice.void': pick => ({ invoice_id: pick('sent invoice') }),
  'message.record_event': pick => ({ sent_as: pick('mail id') }),
  'secret.set': () => ({ name: 'resend_webhook', value: `whsec_${freshText('sample').replace(' ', '')}` }),
  'secret.remove': () => ({ name: 'resend_webhook' }),
  'message.retry': pick => ({ id: pick('dead delivery') }),
  'agent.revoke_key': pick => ({ key: pick('key') }),
  'authorization.allow_once': decision,
  'authorization.allow_always': decision,
  'authorization.deny': decision,
  'authorization.cancel_request': pick => ({ request: pick('waiting request') }),
  'authorization.set_level': () => ({ action: 'note.create' }),
  'authorization.revoke_grant': pick => ({ id: pick('grant') }),
  'authorization.resume_agent': pick => ({ agent_id: pick('paused agent') }),
  'passkey.register': pick => ({ response: pick('new passkey'), passkey: pick('confirmation') }),
  'session.end': pick => ({ id: pick('session') }),
  'passkey.remove': pick => ({ id: pick('passkey') }),
  'attribute.confirm': pick => ({ attribute_ids: [pick('attribute')] }),
  'attribute.update_key': () => ({ key: 'pet', description: freshText('Sample') }),
  'lead.create': () => ({ raw_notes: freshText('Sample'), fields: { full_name: freshText('Sample') } }),
  'lead.set_status': () => ({ status: 'contacted' }),
  'lead.set_stage': () => ({ pipeline_stage: 'estimate_sent' }),
  'lead.set_reminder': () => ({ reminder_at: '2026-12-01T09:00' }),
  'lead.submit_form': () => ({ name: freshText('Sample'), description: freshText('Sample') }),
  'interaction.create': pick => ({ contact_id: pick('contact'), follow_up_at: '2026-12-01T09:00' }),
  'interaction.update': () => ({ body: freshText('Sample') }),
  'interaction.set_follow_up': () => ({ in_business_hours: 2 }),
  timeline: pick => ({ contact_id: pick('contact') }),
  'ticket.rebook': pick => ({ ticket_id: pick('cancelled visit'), scheduled_at: '2026-12-16T09:00' }),
  handle_reschedule_request: pick => ({
    ticket_id: pick('planned visit'),
    scheduled_at: '2026-12-17T09:00',
  }),
  process_lead: () => ({ raw_notes: freshText('Sample'), fields: { full_name: freshText('Sample') } }),
  schedule_appointment: pick => ({ scheduled_at: '2026-12-01T09:00', address_id: pick('address') }),
  calendar: () => ({ date: '2026-11-23' }),
  current_ticket: pick => ({ technician_id: pick('member') }),
  find_customer: () => ({ query: 'Customer' }),
};

/** Examples for members of these names, wherever they occur. */
const examplesByName: Readonly<Record<string, () => unknown>> = {
  email: () => `${freshText('sample').replace(' ', '')}@example.com`,
  billing_email: () => 'billing@example.com',
  phone: () => '+12565550190',
  main_phone: () => '+12565550191',
  number: () => '+12565550192',
  time_zone: () => 'America/Chicago',
  line_id: () => '1',
};

/** Strings that fit the patterns schemas ask for; the first that fits is taken. */
const examples = [
  'A word of three',
  '2026-12-01',
  '2026-12-01T09:00',
  '2026-11-18T14:00:00Z',
  'US',
  'someone@example.com',
  '018f0000-0000-7000-8000-000000000000',
  'https://example.com',
  'word',
  '09:00',
  'f'.repeat(64),
  'settings',
];

let made = 0;
const freshText = (word: string) => `${word} ${++made}`;

/**
 * The smallest input of an action (or view) that does something: required members, what `alsoNeeded` says, something to
 * change for an update, and the optional members on the way to `wanted`. Texts are new each time, so that names do not
 * collide.
 */
export function sampleInput(
  id: string,
  schema: JsonSchema,
  pick: Pick,
  wanted: readonly string[] = [],
): Record<string, unknown> {
  const sample = sampleObject(pick, schema, wanted);
  const more = alsoNeeded[id]?.(pick) ?? (id.endsWith('.update') ? sampleChange(pick, schema) : {});
  return { ...sample, ...more };
}

/** The first optional text of an update. */
function sampleChange(pick: Pick, schema: JsonSchema): Record<string, unknown> {
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const found = Object.entries(schema.properties ?? {}).find(
    ([name, { type, ref, enum: options }]) =>
      type === 'string' && ref === undefined && options === undefined && !required.includes(name),
  );
  return found ? { [found[0]]: sampleOf(pick, found[1], [], found[0]) } : {};
}

function sampleOf(pick: Pick, schema: JsonSchema, wanted: readonly string[], name: string): unknown {
  if (typeof schema.ref === 'string') return pick(schema.ref);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const [option] = schema.anyOf ?? [];
  if (option) return sampleOf(pick, option, wanted, name);
  if (schema.type === 'object') return sampleObject(pick, schema, wanted);
  if (schema.type === 'array') return sampleArray(pick, schema, wanted, name);
  if (Object.hasOwn(examplesByName, name)) return examplesByName[name]?.();
  if (schema.type === 'boolean') return false;
  if (schema.type === 'integer' || schema.type === 'number')
    return Math.max(10, Number(schema.minimum ?? 10));
  return sampleText(schema);
}

function sampleObject(pick: Pick, schema: JsonSchema, wanted: readonly string[]): Record<string, unknown> {
  const required: unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const [step, ...rest] = wanted;
  const members = Object.entries(schema.properties ?? {})
    .filter(([name]) => required.includes(name) || name === step)
    .map(([name, member]) => [name, sampleOf(pick, member, name === step ? rest : [], name)]);
  return Object.fromEntries(members);
}

function sampleArray(pick: Pick, schema: JsonSchema, wanted: readonly string[], name: string): unknown[] {
  const prefix: unknown = schema.prefixItems;
  if (Array.isArray(prefix)) return prefix.map(() => '09:00');
  const items = itemsOf(schema);
  if (!items || (Number(schema.minItems ?? 0) === 0 && wanted[0] !== '*')) return [];
  return [sampleOf(pick, items, wanted.slice(1), name)];
}

function sampleText(schema: JsonSchema): string {
  const patterns = [schema.pattern, ...allOf(schema).map(part => part.pattern)].flatMap(pattern =>
    typeof pattern === 'string' ? [new RegExp(pattern)] : [],
  );
  const fresh = freshText('Sample');
  const fitting = [fresh, `${fresh.replace(' ', '')}@example.com`, ...examples].find(
    text =>
      patterns.every(pattern => pattern.test(text)) && text.length <= Number(schema.maxLength ?? text.length),
  );
  if (fitting === undefined) throw new Error(`no example fits ${JSON.stringify(schema)}`);
  return fitting;
}

function allOf(schema: JsonSchema): JsonSchema[] {
  const parts: unknown = schema.allOf;
  return Array.isArray(parts) ? parts.map(part => ({ ...part })) : [];
}

/** The same input with another value at a path; `*` is the first item of a list. */
export function withValue(input: unknown, path: readonly string[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(input))
    return input.map((item, index) => (index === 0 ? withValue(item, rest, value) : item));
  const members = typeof input === 'object' && input !== null ? { ...input } : {};
  return { ...members, [step]: withValue(Reflect.get(members, step), rest, value) };
}
