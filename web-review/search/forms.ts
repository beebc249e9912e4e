import { mayVerb, recordCalled } from '../records/kind.ts';
import type { PageRequest } from '../site.ts';

// Where one does what was looked for: on its form, or where one first says with which visit, bill or customer.

const visits = '/tickets?for=';

/** The forms that were made by hand, by action. */
const byHand: Readonly<Record<string, string>> = {
  'ticket.create': '/book',
  schedule_appointment: '/book',
  'ticket.cancel': `${visits}cancel`,
  'ticket.reschedule': `${visits}move`,
  handle_reschedule_request: `${visits}move`,
  'ticket.assign_technician': `${visits}assign`,
  'ticket.unassign_technician': `${visits}assign`,
  'ticket.add_line': `${visits}services`,
  'ticket.update_line': `${visits}services`,
  'ticket.remove_line': `${visits}services`,
  'ticket.rebook': '/tickets?list=cancelled',
  'ticket.update': '/tickets',
  'ticket.confirm': '/tickets?list=unconfirmed',
  'ticket.close': '/tickets?list=should_be_over',
  'contact.create': '/contacts/new',
  'contact.update': '/contacts',
  'contact.merge': '/duplicates',
  'contact.unmerge': '/duplicates',
  'invoice.create_from_ticket': '/invoices/unbilled',
  'invoice.record_payment': '/invoices?list=open',
  'invoice.send': '/invoices?list=draft',
  'invoice.cancel': '/invoices?list=draft',
  'invoice.void': '/invoices?list=open',
  'attribute.confirm': '/facts',
  'attribute.delete': '/facts',
  'lead.create': '/leads/new',
  find_customer: '/contacts',
};

/** The form of an action, for whoever works with those forms; undefined where there is none. */
export function formOf(request: PageRequest, action: string): string | undefined {
  if (request.identity.actor.role === 'technician') return undefined;
  const own = byHand[action];
  if (own !== undefined) return own;
  const { registry } = request.site.app;
  const [name = '', verb = ''] = action.split('.');
  if (!registry.records.has(name)) return undefined;
  const record = recordCalled(request, name);
  const list = registry.pathOf(name)?.path ?? `/records/${record.plural}`;
  if (verb === 'create' && mayVerb(request, record, 'create')) return `/records/${record.plural}/new`;
  if (verb === 'restore' && mayVerb(request, record, 'restore'))
    return `/records/${record.plural}?filter=deleted`;
  return (verb === 'update' || verb === 'delete') && mayVerb(request, record, verb) ? list : undefined;
}
