import { z } from 'zod';
import { proposedAttribute } from '../../core/extraction/record.ts';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { words } from '../format.ts';
import { submit, typedTexts } from '../forms.ts';
import { showTimeline } from '../interactions/timeline.ts';
import { type Answer, type PageRequest, readList, recordOf, textOf } from '../site.ts';
import { readFields } from './fields.ts';
import { showLead } from './lead.ts';
import { listLeads } from './list.ts';
import { createInquiry, showNewInquiry } from './new.ts';
import type { Draft } from './row.ts';
import { wayNamed } from './said.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** What a form wants done, and what is said when it is. */
interface Wish {
  action: string;
  data: Record<string, unknown>;
  done: string;
}

/** The pages of inquiries (LED-18, CFL-29). Opened by hand, the address of a form leads to the page it stands on. */
export function addLeads(page: Route, form: Route): void {
  page('/leads', listLeads);
  page('/leads/new', request => showNewInquiry(request));
  form('/leads/new', createInquiry);
  page('/leads/:ref', request => showLead(request));
  page('/leads/:ref/timeline', request => showTimeline(request, 'lead'));
  for (const [verb, [place, wish]] of Object.entries(forms)) {
    form(`/leads/:ref/${verb}`, request => act(request, place, wish));
    page(`/leads/:ref/${verb}`, async request => ({ redirect: `/leads/${recordOf(request)}` }));
  }
}

/** Every form of a lead's page: where its refusals are said, and what it wants. */
const forms: Readonly<
  Record<string, [place: string, wish: (request: PageRequest, lead_id: string) => Wish | Promise<Wish>]>
> = {
  facts: ['facts', changeFacts],
  said: ['said', writeDown],
  'followed-up': ['page', followUp],
  status: ['progress', setStatus],
  convert: ['progress', convert],
  customer: ['progress', setCustomer],
  reopen: ['progress', reopen],
  reminder: ['reminder', remind],
  end: ['end', end],
};

/** Does what a form wants; what is refused is said beside that form, with what was typed. */
async function act(
  request: PageRequest,
  place: string,
  wish: (request: PageRequest, lead_id: string) => Wish | Promise<Wish>,
): Promise<Answer> {
  const lead_id = recordOf(request);
  try {
    const { action, data, done } = await wish(request, lead_id);
    const { warnings } = await submit(request, action, data);
    return { redirect: `/leads/${lead_id}`, said: { done, warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    return showLead(request, draftOf(request, place, error));
  }
}

/** What the page of the lead can say better than a page about an error. */
const sayable: readonly string[] = [
  'AMBIGUOUS',
  'CONFLICT',
  'INVALID_STATE',
  'VALIDATION_ERROR',
  'NOT_FOUND',
];

const candidates = z.array(z.object({ reference: z.string(), label: z.string() }));

function draftOf(
  request: PageRequest,
  place: string,
  { code, message, status, details }: DeskhandError,
): Draft {
  const hint = code === 'VALIDATION_ERROR' ? details.hint : undefined;
  const choices = candidates.safeParse(details.candidates);
  return {
    form: place,
    problem: [message, hint].filter(Boolean).join(' '),
    status,
    typed: typedTexts(request),
    ...(code === 'AMBIGUOUS' && choices.success
      ? { choices: { field: details.field ?? 'contact_id', candidates: choices.data } }
      : {}),
  };
}

const known = z.object({ property_details: z.array(proposedAttribute) });

/** Confirms what was understood as the form has it, or changes facts that are confirmed already. */
async function changeFacts(request: PageRequest, lead_id: string): Promise<Wish> {
  const [row] = (await readList(request, 'leads', known, { id: lead_id, fields: ['property_details'] })).rows;
  const { fields, empty } = readFields(typedTexts(request), row?.property_details);
  // A lead keeps its title and the way it came in.
  const clear = empty.filter(name => name !== 'title' && name !== 'source');
  if (textOf(request.http.body, 'how') === 'confirm') {
    const data = { lead_id, corrections: fields, clear };
    return { action: 'lead.confirm_extraction', data, done: 'Confirmed.' };
  }
  const noFacts = clear.includes('property_details') ? { property_details: [] } : {};
  const data = { lead_id, ...fields, ...noFacts, clear: clear.filter(name => name !== 'property_details') };
  return { action: 'lead.update', data, done: 'The facts are saved.' };
}

function writeDown(request: PageRequest, lead_id: string): Wish {
  const { way, outcome, body, follow_up_at } = typedTexts(request);
  const { type, direction } = wayNamed(way);
  if (!body && (!outcome || outcome === 'none'))
    throw invalid('body', 'Write what was said, or choose an outcome.');
  const data = {
    lead_id,
    type,
    direction,
    ...(outcome ? { outcome } : {}),
    ...(body ? { body } : {}),
    ...(follow_up_at ? { follow_up_at } : {}),
  };
  return { action: 'interaction.create', data, done: 'The entry is saved.' };
}

function followUp(request: PageRequest): Wish {
  const { interaction: interaction_id = '', end } = typedTexts(request);
  return end === 'cancel'
    ? { action: 'interaction.cancel_follow_up', data: { interaction_id }, done: 'Nobody has to call back.' }
    : { action: 'interaction.complete_follow_up', data: { interaction_id }, done: 'Called back: noted.' };
}

function setStatus(request: PageRequest, lead_id: string): Wish {
  const { status = '' } = typedTexts(request);
  return { action: 'lead.set_status', data: { lead_id, status }, done: `The lead is ${words(status)}.` };
}

function convert(_visit: PageRequest, lead_id: string): Wish {
  return { action: 'lead.convert', data: { lead_id }, done: 'The lead is a customer now.' };
}

function reopen(_visit: PageRequest, lead_id: string): Wish {
  return { action: 'lead.reopen', data: { lead_id }, done: 'The lead is open again.' };
}

function setCustomer(request: PageRequest, lead_id: string): Wish {
  const { clear, contact_id, company_id } = typedTexts(request);
  if (clear === 'contact_id') {
    return {
      action: 'lead.update',
      data: { lead_id, clear: [clear] },
      done: 'The lead is nobody’s we know.',
    };
  }
  if (company_id)
    return { action: 'lead.update', data: { lead_id, company_id }, done: 'The company is noted.' };
  if (!contact_id) throw invalid('contact_id', 'Say which customer it is.');
  return { action: 'lead.update', data: { lead_id, contact_id }, done: 'The customer is noted.' };
}

function remind(request: PageRequest, lead_id: string): Wish {
  const { clear, reminder_at } = typedTexts(request);
  if (clear) {
    return { action: 'lead.set_reminder', data: { lead_id, clear: true }, done: 'The reminder is gone.' };
  }
  if (!reminder_at) throw invalid('reminder_at', 'Say when.');
  return { action: 'lead.set_reminder', data: { lead_id, reminder_at }, done: 'The reminder is set.' };
}

function end(request: PageRequest, lead_id: string): Wish {
  const { how, reason, why } = typedTexts(request);
  if (how === 'archive') {
    const data = { lead_id, ...(why ? { reason: why } : {}) };
    return { action: 'lead.archive', data, done: 'The lead is archived.' };
  }
  const data = { lead_id, reason, ...(why ? { note: why } : {}) };
  return { action: 'lead.disqualify', data, done: 'The lead is disqualified.' };
}
