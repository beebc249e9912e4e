import { expect, test } from 'vitest';
import { undoWords } from '../../web-review/review/facts.ts';
import { type Request, requestRow } from '../../web-review/review/request.ts';
import { calls, registry } from '../contracts/registered.ts';

const request = (action: string, outgoing: Request['preview']['outgoing'] = []): Request => ({
  id: '018f0000-0000-7000-8000-000000000000',
  reference: 'R-1',
  agent: 'Office Manager',
  action,
  input: {},
  rule_action: action,
  rule: '*',
  rule_reason: 'needs authorization',
  reasoning: null,
  preview: { changes: [], outgoing, targets: [], goes_out: outgoing },
  affected_rows: 1,
  digest: '',
  decision: null,
  decided_by: null,
  decision_note: null,
  decided_at: null,
  status: 'pending',
  result: null,
  error: null,
  replaced_by: null,
  created_at: '2026-11-18T14:00:00.000Z',
  expires_at: '2026-11-19T14:00:00.000Z',
  why_not_always: null,
});

test.each([
  ['lead.convert', 'Cannot be undone: what it makes stays.'],
  ['contact.create', 'What it makes can be deleted again.'],
  ['attribute.set', 'What it makes can be deleted again.'],
  ['invoice.create_from_ticket', 'What it makes can be cancelled again.'],
  ['ticket.rebook', 'What it makes can be cancelled again.'],
  ['import.square', 'What it makes can be undone again.'],
  ['agent.create_key', 'What it makes can be revoked again.'],
  ['contact.delete', 'Can be brought back.'],
  ['ticket.cancel', 'Cannot be undone.'],
  ['ticket.close', 'Cannot be undone: it is final.'],
  ['ticket.reschedule', 'Can be changed back; the history keeps what was before.'],
  ['lead.archive', 'Can be taken back: reopen inquiry.'],
  ['payment.refund', 'Money that has moved cannot be taken back here.'],
  ['invoice.record_payment', 'Can be taken back: delete payment.'],
  ['message.send_now', 'What is sent cannot be taken back.'],
])('the owner reads of %s: “%s”', (action, sentence) => {
  expect(undoWords(registry, request(action))).toBe(sentence);
});

test('of several calls it is said once that they cannot be undone, with why', () => {
  const { preview, ...one } = { ...request('ticket.cancel'), is_stale: false };
  const together = { ...request('ticket.close'), items: [{ ...one, preview }] };
  expect(undoWords(registry, together)).toBe('Cannot be undone: it is final.');
});

test('whatever says that it can be taken back names an action that is there', () => {
  const named = calls.flatMap(({ spec }) => (spec.kind === 'action' && spec.undo ? [spec.undo] : []));
  expect(named).toContain('none');
  expect(named.filter(undo => undo !== 'none' && !registry.actions.has(undo))).toEqual([]);
});

test('a mail that is planned and sent at once is one, and what says of no message is left out for none', () => {
  const kinds = (...outgoing: Request['preview']['outgoing']) =>
    requestRow.shape.preview.parse({ changes: [], outgoing }).goes_out.map(({ kind }) => kind);
  const mail = { kind: 'email', payload: { message_id: 'a' } };
  expect(kinds(mail, { kind: 'scheduled_message', payload: { message_id: 'a' } })).toEqual(['email']);
  expect(kinds(mail, { kind: 'scheduled_message', payload: { message_id: 'b' } })).toHaveLength(2);
  expect(kinds({ kind: 'email', payload: {} }, { kind: 'scheduled_message', payload: {} })).toHaveLength(2);
});
