import type { McpPrompt } from '../prompt.ts';

/** Money that is owed, and work nobody has billed. */
export const getPaid: McpPrompt = {
  name: 'get_paid',
  title: 'Get paid',
  description: 'What is owed and what is not billed yet, and one step for each.',
  icon: 'money',
  arguments: [
    {
      name: 'customer',
      title: 'Customer',
      description: 'only this customer',
      required: false,
      completes: 'customer',
    },
  ],
  text: ({ customer }) =>
    [
      customer === undefined ? 'Let us get paid.' : `Let us get paid by ${customer}.`,
      customer === undefined
        ? '1. Call crm_query with type invoices and filter overdue, then with filter open.'
        : '1. Call find_customer with the name, then crm_query with type invoices of that customer.',
      '2. Call crm_query with type unbilled_visits.',
      '3. Tell me in at most twelve lines what is owed, by whom and since when, with references and sums; then what is not billed.',
      '4. Propose one step for each: send_invoice, a reminder, a call. Billing and reminding wait for my word.',
      'Change nothing before I say so.',
    ].join('\n'),
};
