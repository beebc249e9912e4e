import { newId } from '../kernel/database/ids.ts';
import { readValues } from '../kernel/records/read-values.ts';
import { insertRow, listByIds } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { todayOf } from '../kernel/words/time.ts';
import { endCallBacksOfBooked } from '../leads/booked.ts';
import { memberRecord } from '../members/member.ts';
import { nameTasksOfBooked } from '../tasks/follow.ts';
import { requireBookable } from '../tickets/assignment.ts';
import { planVisit } from '../tickets/create.ts';
import { tellOfMadeVisit } from '../tickets/tell-customer.ts';
import { answerSeries, seriesAnswer } from './answer.ts';
import { keepLines } from './lines.ts';
import { makeVisits } from './make.ts';
import { readPlan } from './plan.ts';
import { seriesRecord } from './series.ts';

/** Books a visit that comes again (SCH-04): its visits of the next weeks at once, the others as time goes on. */
export const createSeries = defineAction({
  domain: 'series',
  name: 'create',
  summary:
    'Book a visit that comes again, such as every 6 weeks; its visits are made weeks ahead, each date once.',
  input: seriesRecord.writable,
  output: seriesAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  counts_as: 'series',
  undo: 'series.end',
  past: 'booked',
  touches: ['email'],
  example: {
    contact_id: 'Jane Smith',
    rule: 'every 6 weeks',
    starts_on: '2026-12-01',
    start_time: '14:00',
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
    technician_ids: ['Theo'],
  },
  keywords: [
    'book',
    'recurring',
    'repeat',
    'regular',
    'every week',
    'every month',
    'subscription',
    'schedule',
  ],
  async run(context, { notify_customer, ...input }) {
    const { minutes, customer, place } = await planVisit(context, input);
    const plan = readPlan(context, input);
    if (plan.starts_on < todayOf(context).toString())
      throw invalid('starts_on', 'This day is past.', {
        got: input.starts_on,
        hint: 'Say when it comes first.',
      });
    const technician_ids = [...new Set(input.technician_ids ?? [])];
    requireBookable(await listByIds(context, memberRecord, technician_ids), technician_ids);
    const series = await insertRow(context, seriesRecord, {
      id: newId(),
      contact_id: customer.id,
      address_id: place?.id ?? null,
      ...plan,
      duration_minutes: minutes,
      lines: await keepLines(context, input.lines ?? []),
      technician_ids,
      notes: input.notes ?? null,
      notify_customer: notify_customer ?? false,
      ...(await readValues(context, seriesRecord, { custom_fields: input.custom_fields ?? {} }, undefined)),
    });
    const [first] = await makeVisits(context, series);
    await endCallBacksOfBooked(context, customer.id);
    await nameTasksOfBooked(context, customer.id);
    const customer_told = notify_customer && first ? await tellOfMadeVisit(context, first.id) : undefined;
    return answerSeries(context, series.id, { customer_told });
  },
});
