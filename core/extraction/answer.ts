import type { z } from 'zod';
import { redact } from '../kernel/words/redaction.ts';
import type { leadAnswer } from './prompts/lead.ts';
import type { noteAnswer } from './prompts/note.ts';
import {
  type LeadFields,
  leadFields,
  type NoteFields,
  type ProposedAttribute,
  proposedAttribute,
} from './record.ts';
import { findEmails, findPhones } from './rules/contact-details.ts';

// A model may leave something out or misread it; it may not bring anything that is not in the text, least of all a
// way to reach somebody.

/** The facts of a model's answer that are facts in form; at most thirty, each once. */
export function readNoteAnswer(
  answer: z.output<typeof noteAnswer>,
  text: string,
  country: string,
): NoteFields {
  return { attributes: readAttributes(answer.attributes, text, country) };
}

/** The members of a model's answer that may be proposed. */
export function readLeadAnswer(
  answer: z.output<typeof leadAnswer>,
  text: string,
  country: string,
): LeadFields {
  const { property_details, email, phone, ...plain } = answer;
  const said: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(plain)) {
    const member = leadFields.partial().safeParse({ [name]: value ?? undefined });
    if (member.success && isFromText(String(value ?? ''), text, country)) Object.assign(said, member.data);
  }
  const [foundEmail] = findEmails(email ?? '').filter(found => findEmails(text).includes(found));
  const [foundPhone] = findPhones(phone ?? '', country).filter(found =>
    findPhones(text, country).includes(found),
  );
  const details = readAttributes(property_details ?? [], text, country);
  return leadFields.parse({
    ...withoutUndefined(said),
    ...(foundEmail === undefined ? {} : { email: foundEmail }),
    ...(foundPhone === undefined ? {} : { phone: foundPhone }),
    ...(details.length > 0 ? { property_details: details } : {}),
  });
}

function readAttributes(
  proposed: z.output<typeof noteAnswer>['attributes'],
  text: string,
  country: string,
): ProposedAttribute[] {
  const facts = new Map<string, ProposedAttribute>();
  for (const { key, value, details } of proposed) {
    const fact = proposedAttribute.safeParse({
      key: key
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
      value,
      ...(details && Object.keys(details).length > 0 ? { details } : {}),
    });
    const members = [value, ...Object.values(details ?? {})].map(String);
    if (!fact.success || !members.every(member => isFromText(member, text, country))) continue;
    facts.set(JSON.stringify([fact.data.key, fact.data.value, fact.data.details ?? {}]), fact.data);
  }
  return [...facts.values()].slice(0, 30);
}

const link = /\b(?:https?:\/\/|www\.)\S+/giu;

/**
 * Whether the e-mail addresses, telephone numbers and links of a member occur in the text it was made of. Card and social
 * security numbers were taken out of that text, so one in a member was made up, or read out of a disguise (SAN-01).
 */
function isFromText(member: string, text: string, country: string): boolean {
  const emails = findEmails(text);
  const phones = findPhones(text, country);
  return (
    redact(member).found.length === 0 &&
    findEmails(member).every(email => emails.includes(email)) &&
    findPhones(member, country).every(phone => phones.includes(phone)) &&
    (member.match(link) ?? []).every(url => text.includes(url))
  );
}

const withoutUndefined = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
