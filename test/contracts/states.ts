// What no schema can say: which of the story's records is in the state an action needs beforehand, and what is meant by
// members that point somewhere although they are plain words. Everything else of an input is in the action's own example.

type Members = Readonly<Record<string, string>>;

const decision: Members = { request: 'waiting request', digest: 'digest' };

const states: Readonly<Record<string, Members>> = {
  'agent.revoke_key': { key: 'key' },
  'authorization.allow_always': decision,
  'authorization.allow_once': decision,
  'authorization.cancel_request': { request: 'waiting request' },
  'authorization.deny': decision,
  'authorization.resume_agent': { agent_id: 'paused agent' },
  'authorization.revoke_grant': { id: 'grant' },
  'automation.run': { run: 'waiting run' },
  'calendar_feed.revoke': { id: 'calendar feed' },
  'connection.end': { id: 'connection' },
  'connection.lose': { connection: 'connection' },
  'contact.merge': { merged_contact_id: 'second customer' },
  'closeout.check_payment': { ticket_id: 'visit paid at the door' },
  'closeout.complete': { ticket_id: 'visit to close out', review: 'review' },
  'closeout.confirm_work': { ticket_id: 'visit to close out' },
  'closeout.look_again': { ticket_id: 'visit with unread notes' },
  'closeout.payment_choice': { ticket_id: 'visit to be paid' },
  'closeout.read_notes': { session_id: 'close-out that is read' },
  'closeout.review': { ticket_id: 'visit to close out' },
  'closeout.set_next_service': { ticket_id: 'visit to close out' },
  'closeout.set_notes': { ticket_id: 'visit to close out' },
  'closeout.start': { ticket_id: 'planned visit' },
  handle_reschedule_request: { ticket_id: 'planned visit' },
  'invoice.create_from_ticket': { ticket_id: 'closed visit' },
  'invoice.record_payment': { invoice_id: 'sent invoice' },
  'invoice.say_paid': { invoice_id: 'sent invoice' },
  'invoice.void': { invoice_id: 'sent invoice' },
  'contact.write_again': { contact_id: 'unreachable customer' },
  'message.record_event': { sent_as: 'mail id' },
  'message.retry': { id: 'dead delivery' },
  'passkey.register': { response: 'new passkey', passkey: 'confirmation' },
  'passkey.remove': { id: 'passkey' },
  'session.end': { id: 'session' },
  // A customer with several addresses.
  'series.create': { address_id: 'address' },
  schedule_appointment: { address_id: 'address' },
  'ticket.accept_change': { ticket_id: 'visit with a wish' },
  'ticket.create': { address_id: 'address' },
  'ticket.rebook': { ticket_id: 'cancelled visit' },
  'ticket.move_visit': { ticket_id: 'planned visit' },
  'ticket.reschedule': { ticket_id: 'planned visit' },
  'ticket.respond': { ticket_id: 'planned visit' },
};

/** The members of an action's input that want something in a state of its own, and what the story calls that. */
export const wanted = (id: string): Members => states[id] ?? {};

/** Views that show nothing of anybody unless they are asked for somebody, or for some day. */
export const asked: Readonly<Record<string, Members>> = {
  customer_file: { contact_id: 'contact' },
  export_file: { export_id: 'export' },
  calendar: { date: 'day of the visit' },
  current_ticket: { technician_id: 'member' },
  template_preview: { kind: 'kind of mail', real: 'with a visit there is' },
  statement: { contact_id: 'contact' },
  statement_paper: { contact_id: 'contact' },
  timeline: { contact_id: 'contact' },
};
