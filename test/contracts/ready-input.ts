import { Temporal } from 'temporal-polyfill';
import { federalHolidays } from '../../core/absences/holidays.ts';
import type { Action, Workflow } from '../../core/kernel/registry/define.ts';
import type { Registered } from '../../core/kernel/registry/registry.ts';
import type { Office } from '../support/office.ts';
import { exampleInput, type Pick as PickRecord } from './example-input.ts';
import { makerOf, registry } from './registered.ts';
import { pickFrom, type Story } from './story.ts';

let made = 0;

type Call = Registered<Action | Workflow>;

/**
 * An input with which a call goes through, whatever was done before: what has to be fresh is made anew. A customer who
 * is deleted has no visits, a visit has a technician of its own on it.
 */
export async function readyInput(
  { done, read, bright }: Office,
  story: Story,
  call: Call,
): Promise<Record<string, unknown>> {
  const { id, spec } = call;
  const pick = (record: string) => pickFrom(story, record);
  if (id === 'attribute.confirm') {
    const fact = await unconfirmedFact({ done, read, bright }, pick('contact'));
    return exampleInput(call, record => (record === 'attribute' ? fact : pick(record)));
  }
  if (id === 'audit.undo')
    return { of: (await done(bright.owner, 'company.create', { name: `Firm ${++made}` })).reference };
  if (id === 'contact.merge' || id === 'contact.unmerge') return twins({ done, bright }, pick('contact'), id);
  if (id === 'invoice.enable_stripe' || id === 'invoice.sync_setup') {
    await done(bright.owner, 'secret.set', { name: 'stripe_secret_key', value: 'sk_test_readyinput0001' });
    if (id === 'invoice.enable_stripe') return {};
    return { invoice_id: (await done(bright.owner, 'invoice.enable_stripe', {})).reference };
  }
  if (id.startsWith('export.')) return exportInput({ done, read, bright }, call, pick);
  if (id === 'invoice.open_checkout') return onlineInput({ done, bright }, pick);
  if (spec.kind === 'action' && spec.domain === 'payment' && !id.startsWith('payment.record_'))
    return paidInput({ done, bright }, call, pick);
  if (spec.kind === 'action' && spec.domain === 'waitlist')
    return waitingInput({ done, read, bright }, call, pick);
  if (id === 'invoice.resume_reminders')
    await done(bright.owner, 'invoice.stop_reminders', { invoice_id: pick('invoice') });
  const isOfNothing = spec.kind === 'action' && ['deletion', 'statement'].includes(spec.domain);
  if (spec.kind === 'workflow' || isOfNothing || !needsNew.test(spec.name)) return freshInput(call, pick);
  const crew = /technician$|^clock_/.test(spec.name) ? await hireTechnician({ done, bright }) : undefined;
  const { id: fresh } = await done(bright.owner, makerOf(spec.domain).id, {
    ...freshInput(makerOf(spec.domain), pick),
    ...(spec.domain === 'ticket'
      ? { technician_ids: crew === undefined || spec.name === 'assign_technician' ? [] : [crew] }
      : {}),
  });
  const target = { [`${spec.domain}_id`]: fresh };
  const [before] = beforehand(spec);
  if (before !== undefined) await done(bright.owner, before, target);
  return { ...exampleInput(call, pick), ...target, ...(crew === undefined ? {} : { technician_id: crew }) };
}

/** One at a time is written: what waits is ended before. */
async function exportInput(
  { done, read, bright }: Pick<Office, 'done' | 'read' | 'bright'>,
  call: Call,
  pick: PickRecord,
): Promise<Record<string, unknown>> {
  const machine = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
  const error = 'the disk is full';
  for (const { id: export_id } of await read(bright.owner, 'exports', { params: { status: 'waiting' } }))
    await done(machine, 'export.finish', { export_id, error });
  if (call.id !== 'export.finish') return exampleInput(call, pick);
  return { export_id: (await done(bright.owner, 'export.run', {})).id, error };
}

/** A payment of its own, on a bill of its own, so that all of it is there to be given back. */
async function paidInput(
  { done, bright }: Pick<Office, 'done' | 'bright'>,
  call: Call,
  pick: PickRecord,
): Promise<Record<string, unknown>> {
  const lines = [{ description: `Ladder ${++made}`, unit_price_cents: 90_000 }];
  const bill = async () => {
    const input = { contact_id: pick('contact'), lines };
    const { id: invoice_id } = await done(bright.owner, 'invoice.create', input);
    await done(bright.owner, 'invoice.finalize', { invoice_id });
    return String(invoice_id);
  };
  const invoice_id = await bill();
  const { payment: payment_id } = await done(bright.owner, 'invoice.record_payment', {
    invoice_id,
    amount_cents: 90_000,
  });
  if (call.id === 'payment.restore') await done(bright.owner, 'payment.delete', { payment_id });
  const to = call.id === 'payment.move' ? { invoice_id: await bill() } : {};
  return { ...exampleInput(call, pick), payment_id, ...to };
}

/** A bill that is out, of a business that has a key of Stripe. */
async function onlineInput(
  { done, bright }: Pick<Office, 'done' | 'bright'>,
  pick: PickRecord,
): Promise<Record<string, unknown>> {
  const value = 'sk_test_keyofthestory0001';
  await done(bright.owner, 'secret.set', { name: 'stripe_secret_key', value });
  const lines = [{ description: `Ladder ${++made}`, unit_price_cents: 90_000 }];
  const { id: invoice_id } = await done(bright.owner, 'invoice.create', {
    contact_id: pick('contact'),
    lines,
  });
  await done(bright.owner, 'invoice.finalize', { invoice_id });
  return { invoice_id };
}

/** Somebody new who waits, for each customer waits once; offered a free time where the call is about an offer. */
async function waitingInput(
  { done, read, bright }: Pick<Office, 'done' | 'read' | 'bright'>,
  call: Call,
  pick: PickRecord,
): Promise<Record<string, unknown>> {
  const example = exampleInput(call, pick);
  const { id: contact_id } = await done(bright.owner, 'contact.create', {
    full_name: `Brightly Early ${++made}`,
    email: `early${made}@customers.example`,
  });
  if (call.id === 'waitlist.create') return { ...example, contact_id };
  const { id: waitlist_id } = await done(bright.owner, 'waitlist.create', {
    contact_id,
    duration_minutes: 30,
  });
  if (call.id === 'waitlist.restore') await done(bright.owner, 'waitlist.delete', { waitlist_id });
  if (!/offer|accept|withdraw/.test(call.id)) return { ...example, waitlist_id };
  const offer = { scheduled_at: `${nextWorkday()}T13:00`, technician_id: pick('member'), to: [waitlist_id] };
  if (call.id === 'waitlist.offer') return offer;
  await done(bright.owner, 'waitlist.offer', offer);
  const [made_offer] = await read(bright.owner, 'waitlist_offers', {
    params: { waitlist_id: String(waitlist_id) },
  });
  return { offer_id: String(made_offer?.id) };
}

/** A customer who is in the list twice, or was. */
async function twins(
  { done, bright }: Pick<Office, 'done' | 'bright'>,
  contact_id: string,
  call: string,
): Promise<Record<string, unknown>> {
  const { id: merged_contact_id } = await done(bright.owner, 'contact.create', {
    full_name: `Twin ${++made}`,
  });
  if (call === 'contact.merge') return { contact_id, merged_contact_id };
  const { merge } = await done(bright.owner, 'contact.merge', { contact_id, merged_contact_id });
  return { contact_merge_id: merge };
}

const needsNew =
  /^(delete|restore|cancel|close|assign_technician|unassign_technician|clock_in|clock_out|convert|disqualify|archive|reopen|confirm_extraction|send|send_now|send_due|check_delivery|record_delivery|(complete|cancel)_follow_up)$/;

/** What has to be done to something new before. */
function beforehand({ domain, name }: Action): string[] {
  if (name === 'restore') return [`${domain}.delete`];
  if (name === 'clock_out') return ['ticket.clock_in'];
  if (name === 'reopen') return [domain === 'lead' ? 'lead.archive' : `${domain}.cancel`];
  return name === 'record_delivery' ? ['message.send_now'] : [];
}

/** The example with what there may be once only made anew: names and addresses of records, the time of a visit. */
export function freshInput(call: Call, pick: PickRecord): Record<string, unknown> {
  const input = exampleInput(call, pick);
  if (call.spec.kind === 'workflow') return input;
  const fields = registry.records.get(call.spec.domain)?.fields ?? {};
  const anew = Object.entries(input).flatMap(([name, value]) => {
    if (call.id === 'ticket.create' && name === 'scheduled_at') return [[name, `${nextDay()}T09:00`]];
    const field = fields[name];
    if (field?.kind === 'email') return [[name, `sample${++made}@customers.example`]];
    return field?.label && field.kind === 'text' ? [[name, `${String(value)} ${++made}`]] : [];
  });
  return { ...input, ...Object.fromEntries(anew) };
}

const nextDay = () => nextOpen(() => Temporal.PlainDate.from('2027-01-04').add({ days: ++made }));

/** A working day of its own each time: the business is closed on weekends, and in March somebody is away. */
const nextWorkday = () =>
  nextOpen(() => {
    made += 1;
    return Temporal.PlainDate.from('2027-04-05').add({ weeks: Math.floor(made / 5), days: made % 5 });
  });

/** The next of these days that is no holiday: whoever closes on holidays (`absence.add_holidays`) would meet a visit there. */
function nextOpen(next: () => Temporal.PlainDate): string {
  const date = next();
  return federalHolidays(date.year).some(holiday => holiday.date.equals(date))
    ? nextOpen(next)
    : date.toString();
}

/** A fact that was found in a note, and that nobody has confirmed yet. */
async function unconfirmedFact(
  { done, read, bright }: Pick<Office, 'done' | 'read' | 'bright'>,
  contact_id: string,
): Promise<string> {
  const content = `Do not touch window ${++made}.`;
  const { id } = await done(bright.owner, 'note.create', { contact_id, content, extract: 'now' });
  const [fact] = await read(bright.owner, 'attributes', { params: { note_id: String(id) } });
  return String(fact?.id);
}

async function hireTechnician({ done, bright }: Pick<Office, 'done' | 'bright'>): Promise<string> {
  const name = `Technician ${++made}`;
  const email = `technician-${made}@brightpanes.example`;
  return String((await done(bright.owner, 'member.create', { name, email, role: 'technician' })).id);
}
