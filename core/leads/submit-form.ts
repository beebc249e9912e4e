import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { asPhone, emailAddress } from '../kernel/words/text-schemas.ts';
import { isAllowedFrom } from './allowed-from.ts';
import { titleFor } from './columns.ts';
import { writeHowItCame } from './create.ts';
import { tryPhone } from './extraction.ts';
import { queueExtraction } from './extraction-job.ts';
import { leadFormRecord } from './form.ts';
import { leadRecord } from './lead.ts';
import { cameInAlready } from './queries.ts';
import { isLinkSpam } from './spam.ts';

const text = (longest: number) => z.string().trim().max(longest).default('');

const typed = z.strictObject({
  name: text(200),
  email: text(254),
  phone: text(60).meta(asPhone),
  description: text(5000),
  service_type: text(200),
  preferred_time: text(200),
  /** Hidden from people; programs that fill in whatever they find give themselves away. */
  website: text(500),
});
type Form = z.output<typeof typed>;

/** What people type, and the page it comes from as far as their browser says it; nobody writes that themselves. */
const input = typed.extend({ came_from: z.string().max(500).optional() });

/**
 * Takes in what somebody wrote into a form on the website (LED-16, LED-17). Whether it was new, known, spam or sent
 * twice, the answer is the same: nobody learns here who the customers are. An e-mail address or number that cannot be
 * read is kept in the notes; nobody is sent away for it.
 */
export const submitForm = defineAction({
  domain: 'lead',
  name: 'submit_form',
  summary: 'Take in what came by a form on the website; done by the form itself.',
  input,
  output: z.object({ received: z.literal(true) }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'lead.delete',
  verb: 'hand in',
  past: 'handed in',
  object: 'form of lead',
  example: { name: 'Robert Miles', phone: '(256) 555-0181', description: 'Windows inside and outside' },
  touches: ['llm'],
  open_to: ['webhook'],
  human_only: true,
  roles: [],
  keywords: ['web form', 'website inquiry'],
  async run(context, { came_from, ...given }) {
    const which = await lockForm(context);
    if (which && !isAllowedFrom(which.allowed_from, { page: came_from, own: context.base_url })) {
      throw new DeskhandError('NOT_FOUND', 'This form takes no inquiries from this website.', {
        hint: 'The owner says on the page of the form on which websites it may stand.',
      });
    }
    if (given.website !== '' || isLinkSpam(given)) return received;
    const form = tidied(given);
    if (form.name === '') throw invalid('name', 'Please tell us your name.');
    if (form.description === '') throw invalid('description', 'Please tell us what we can do for you.');
    if (which) await takeIn(context, form, which.id);
    return received;
  },
});

const received = { received: true } as const;

/** The form by which somebody comes; undefined when it was closed this moment. Of two of the same the second waits here. */
async function lockForm(context: Context) {
  const { kind, id } = context.actor;
  if (kind !== 'webhook' || id === null) throw new DeskhandError('FORBIDDEN', 'Only a form hands this in.');
  return findRow(context, leadFormRecord, id, { lock: true });
}

async function takeIn(context: Context, form: Form, id: string): Promise<void> {
  const digest = digestOf(form);
  if (await cameInAlready(context, id, digest)) return;
  const { country } = context.organization;
  const email = emailAddress.safeParse(form.email);
  const phone = tryPhone(form.phone, country);
  const facts = {
    full_name: oneLine(form.name),
    ...(email.success ? { email: email.data } : {}),
    ...(phone === undefined ? {} : { phone }),
    ...(form.service_type === '' ? {} : { service_interest: oneLine(form.service_type) }),
    ...(form.preferred_time === '' ? {} : { preferred_time: oneLine(form.preferred_time) }),
    description: form.description,
    raw_notes: asNotes(form),
  };
  const lead = await createRecord(context, leadRecord, {
    ...facts,
    title: titleFor({ ...facts, raw_notes: form.description }),
    source: 'web_form',
    form_id: id,
    form_digest: digest,
    extraction_status: 'pending',
  });
  await writeHowItCame(context, lead, true, true);
  await queueExtraction(context, lead.id);
}

const labels = {
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  service_type: 'Service',
  preferred_time: 'Preferred time',
} as const;

/** Everything as it was typed, so that nothing is lost that could not be read (LED-02). */
function asNotes(form: Form): string {
  const lines = Object.entries({ ...labels }).flatMap(([name, label]) => {
    const typed: unknown = Reflect.get(form, name);
    return typeof typed === 'string' && typed !== '' ? [`${label}: ${oneLine(typed)}`] : [];
  });
  return [lines.join('\n'), form.description].join('\n\n');
}

const members = typed.keyof().options;

/** Browsers send line ends of their own; characters nobody sees say nothing. */
function tidied(form: Form): Form {
  const clean = members.map(name => [name, withoutControls(form[name]).trim()]);
  return typed.parse(Object.fromEntries(clean));
}

const withoutControls = (typed: string) =>
  typed.replace(/\r\n?/g, '\n').replace(/(?!\n|\t)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');

const oneLine = (typed: string) => typed.replace(/\s+/g, ' ').trim();

/** The same words are the same inquiry, however they are spaced and capitalised. */
const digestOf = (form: Form): string =>
  createHash('sha256')
    .update(JSON.stringify(members.map(name => oneLine(form[name]).toLowerCase())))
    .digest('hex');
