import { z } from 'zod';
import { defineSetting } from '../kernel/registry/settings.ts';
import { asPhone, emailAddress } from '../kernel/words/text-schemas.ts';

// What stands on every mail of the business, and where its answers go: that people say, never an agent (decision 016).

const lineOrNothing = z
  .string()
  .trim()
  .max(200)
  .refine(text => !/[\r\n]/.test(text), 'is one line');

export const replyTo = defineSetting({
  name: 'reply_to',
  label: 'Answers go to',
  summary: 'The e-mail address that gets what customers answer to our mails.',
  value: z.union([emailAddress, z.literal('')]),
  usual: '',
  open_to: 'people',
});

export const businessPhone = defineSetting({
  name: 'business_phone',
  label: 'Phone',
  summary: 'The phone number of the business, as customers read it in mails.',
  value: lineOrNothing.meta(asPhone),
  usual: '',
  open_to: 'agents',
});

export const postalAddress = defineSetting({
  name: 'postal_address',
  label: 'Postal address',
  summary: 'The postal address of the business, on one line; it stands below its mails.',
  value: lineOrNothing,
  usual: '',
  open_to: 'agents',
});

export const legalName = defineSetting({
  name: 'legal_name',
  label: 'Legal name',
  summary: 'The name of the business as it is registered, where that is another one; it stands on its bills.',
  value: lineOrNothing,
  usual: '',
  open_to: 'people',
});

export const taxId = defineSetting({
  name: 'tax_id',
  label: 'Tax ID',
  summary: 'The tax number of the business; it stands on its bills.',
  value: lineOrNothing,
  usual: '',
  open_to: 'people',
});

export const letterhead = [replyTo, businessPhone, postalAddress, legalName, taxId];
