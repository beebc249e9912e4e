import { definePublicRoute } from '../kernel/outside/public-route.ts';

const short = (name: string, label: string, autocomplete: string, is_needed = false) =>
  ({ name, label, type: 'text', autocomplete, is_needed }) as const;

/** `POST /public/leads` (LED-16, LED-17): the public key of a form says which business is meant. */
export const leadFormRoute = definePublicRoute({
  method: 'POST',
  path: '/public/leads',
  summary: 'Hand in an inquiry by a form on the website of a business.',
  fields: [
    short('name', 'Name', 'name', true),
    short('email', 'E-mail', 'email'),
    short('phone', 'Phone', 'tel'),
    short('service_type', 'Service', 'off'),
    short('preferred_time', 'Preferred time', 'off'),
    {
      name: 'description',
      label: 'What can we do for you?',
      type: 'area',
      autocomplete: 'off',
      is_needed: true,
    },
  ],
  traps: ['website'],
  key: {
    field: 'form_key',
    header: 'x-form-key',
    missing: {
      message: 'This form does not say whose it is.',
      hint: 'Send the public key of the form as form_key or in the header X-Form-Key.',
    },
    unknown: {
      message: 'This form takes no inquiries.',
      hint: 'The owner finds the keys of the forms in the list lead_forms.',
    },
  },
  caller: key => ({ via: 'form', key }),
  action: 'lead.submit_form',
  came_from: 'came_from',
  limit_bytes: 16 * 1024,
  per_minute: { address: 20, key: 60 },
  answer: { received: true },
  thanks: {
    title: 'Thank you',
    text: 'Thank you. Your message has arrived, and we will get back to you.',
  },
});
