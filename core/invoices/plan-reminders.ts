import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { defineTimer } from '../kernel/registry/timer.ts';
import { todayOf } from '../kernel/words/time.ts';
import { callCustomer } from '../messages/call-instead.ts';
import { openMorning } from '../messages/outreach.ts';
import { planMessage } from '../messages/plan.ts';
import { type OverdueBill, overdueBills } from '../reading/overdue.ts';
import { type NewReminder, noteReminder, takeStep } from './reminder-queries.ts';
import { nextStep, type Step, seenBefore_days, stepsOf } from './reminder-steps.ts';
import { remindsOfBills } from './settings.ts';

/** More bills than these wait for the next morning. */
const mostBills = 500;

/**
 * Plans what customers with overdue bills are told, where the business has switched that on: a mail, days before it goes so that it
 * can be stopped or worded anew, and after the last one a call. Each step of a bill is taken once, whoever works at the same time.
 * Somebody with several bills gets one mail, about the oldest, which names the others.
 */
export const planReminders = defineAction({
  domain: 'invoice',
  name: 'plan_reminders',
  summary: 'Plan the reminders of overdue bills; done by a timer.',
  input: z.strictObject({ most: z.int().min(1).max(mostBills).optional() }),
  output: z.object({ planned: z.number(), calls: z.number() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'none',
  why_not_undone: 'a timer does it',
  past: 'planned',
  object: 'reminders of overdue bills',
  touches: ['email'],
  example: {},
  human_only: true,
  roles: [],
  async run(context, { most = mostBills }) {
    if (settingOf(context, remindsOfBills) === 'off') return { planned: 0, calls: 0 };
    const steps = stepsOf(context);
    const day = todayOf(context);
    const due_before = day.add({ days: seenBefore_days }).toString();
    const bills = await overdueBills(context, { due_before, most });
    let [planned, calls] = [0, 0];
    for (const ofOne of byCustomer(bills)) {
      const wanted = ofOne.flatMap(bill => wantedOf(bill, steps, day.toString()));
      if (
        await planMail(
          context,
          wanted.filter(({ how }) => how === 'mail'),
        )
      )
        planned += 1;
      for (const call of wanted.filter(({ how }) => how === 'call'))
        if (await planCallOf(context, call)) calls += 1;
    }
    return { planned, calls };
  },
});

/** In the morning, before the office opens. */
export const reminderTimer = defineTimer({
  name: 'invoice.plan_reminders',
  summary: 'Customers are reminded of overdue bills, where that is switched on.',
  at: { hour: 5, minute: 15 },
  async run(tools, organization_id) {
    return (await tools.execute(organization_id, { action: 'invoice.plan_reminders', data: {} })).data;
  },
});

interface Wanted extends Step {
  bill: OverdueBill;
  on: string;
}

function wantedOf(bill: OverdueBill, steps: readonly Step[], today: string): Wanted[] {
  const taken =
    bill.step === null || bill.remind_on === null ? undefined : { step: bill.step, on: bill.remind_on };
  const next = nextStep(steps, { due_on: bill.due_on, taken, today });
  return next ? [{ ...next, bill }] : [];
}

/** Bills in different currencies are never told of together. */
function byCustomer(bills: readonly OverdueBill[]): OverdueBill[][] {
  const found = new Map<string, OverdueBill[]>();
  for (const bill of bills) {
    const key = `${bill.company_id ?? bill.contact_id} ${bill.currency}`;
    found.set(key, [...(found.get(key) ?? []), bill]);
  }
  return [...found.values()];
}

const stepFor = ({ bill, step, on }: Wanted): NewReminder => ({ invoice_id: bill.id, step, remind_on: on });

/** One mail for all of them, on the first of their days; false when somebody else has planned it. */
async function planMail(context: Context, wanted: readonly Wanted[]): Promise<boolean> {
  const taken: Wanted[] = [];
  for (const each of wanted) if (await takeStep(context, stepFor(each))) taken.push(each);
  const [oldest] = taken;
  if (!oldest) return false;
  const on = taken.map(each => each.on).sort()[0] ?? oldest.on;
  const { bill } = oldest;
  const { message, call } = await planMessage(context, {
    kind: 'overdue',
    contact_id: bill.contact_id,
    ticket_id: bill.ticket_id ?? undefined,
    invoice_id: bill.id,
    send_at: openMorning(context.organization, Temporal.PlainDate.from(on)).toString(),
  });
  await noteReminder(context, taken.map(stepFor), { message_id: message?.id, task_id: call?.id });
  return true;
}

async function planCallOf(context: Context, wanted: Wanted): Promise<boolean> {
  const step = stepFor(wanted);
  if (!(await takeStep(context, step))) return false;
  const { bill } = wanted;
  const call = await callCustomer(
    context,
    {
      kind: 'overdue',
      contact_id: bill.contact_id,
      company_id: bill.company_id,
      ticket_id: bill.ticket_id,
      invoice_id: bill.id,
      custom_message: null,
      facts: {},
      links: {},
      is_bounded: false,
      send_at: context.now.toString(),
      send_before: null,
    },
    `${bill.reference} was due on ${bill.due_on} and is not paid; mails have not helped.`,
  );
  await noteReminder(context, [step], { task_id: call?.id });
  return true;
}
