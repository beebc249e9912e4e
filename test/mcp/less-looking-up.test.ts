import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { signaturesOf } from '../../core/kernel/registry/signature.ts';
import { memberNamed } from '../../core/kernel/words/parse-input.ts';
import { createTools } from '../../mcp/tools/index.ts';
import { useDesk } from '../agent/desk.ts';
import { registry } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// What an office asks for all day costs its agent no look-up, and a wrong guess one call.

const panes = useBrightPanes();
const desk = useDesk(panes);
const monday = '2026-11-23T09:00';

beforeAll(async () => {
  await panes().book(monday, {
    technician_ids: ['Theo'],
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
  });
});

/** A signature without what its members are made of. */
function withoutInner(signature: string): string {
  const outer = signature.replace(/[[{][^[\]{}]*[\]}]/g, '');
  return outer === signature ? outer : withoutInner(outer);
}

const described = (tool: string, member: string): string => {
  const found = createTools(panes().app, 'https://crm.example').find(({ name }) => name === tool);
  const { properties } = z
    .object({ properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })) })
    .parse(found?.inputSchema);
  return properties[member]?.description ?? '';
};

describe('the agent sees how an office’s usual calls are made before it makes any', () => {
  test('what is done to visits, customers, inquiries and bills stands there with its members', () => {
    const said = described('crm_action', 'action');
    expect(said).toContain('ticket.update_line(ticket, line?, quantity?, unit_price_cents?');
    expect(said).toContain('reason: budget|timing|outside_scope|competitor|no_response|spam|other');
    for (const name of ['ticket.cancel', 'contact.update', 'lead.convert', 'invoice.create_from_ticket'])
      expect(said).toContain(`${name}(`);
  });

  test('what is read all day stands there with its filters', () => {
    const said = described('crm_query', 'type');
    for (const name of ['tickets', 'calendar', 'contacts', 'availability', 'invoices'])
      expect(said).toContain(`${name}(`);
    expect(said).toContain('filter: open|should_be_over|unassigned|to_be_placed|unconfirmed');
  });

  test('nothing that only people do stands there', () => {
    const often = [...registry.actions.values()].filter(({ spec }) => spec.often);
    expect(often.length).toBeGreaterThan(25);
    expect(often.filter(({ spec }) => spec.human_only)).toEqual([]);
  });

  test('every member that a signature names is one the input takes by that name', () => {
    const { of } = signaturesOf(registry);
    for (const action of registry.actions.values()) {
      // What may be done to several says how they are listed, behind the members of one.
      const outer = withoutInner(of(action)).replace(/; or \w+: .*\)$/, ')');
      const names = outer
        .slice(outer.indexOf('(') + 1, -1)
        .split(', ')
        .map(member => member.replace(/[?:].*$/, ''))
        .filter(Boolean);
      const taken = names.map(name => memberNamed(action.inputSchema, name, registry.aliases));
      expect(taken.filter(name => name === undefined)).toEqual([]);
      expect(new Set(taken).size).toBe(Object.keys(action.inputSchema.properties ?? {}).length);
    }
  });
});

describe('crm_capabilities', () => {
  test('answers for several names at once, with the words that can be said and an example of each', async () => {
    const answer = await desk().use('crm_capabilities', { of: ['contact.update', 'invoice', 'tickets'] });
    expect(answer).toMatchObject({
      'contact.update': {
        input: { properties: { status: { enum: expect.arrayContaining(['active']) } } },
        example: expect.objectContaining({ contact_id: 'C-1001' }),
      },
      invoice: { actions: { send: { example: expect.anything(), signature: expect.any(String) } } },
      tickets: {
        signature: expect.stringContaining('status?: scheduled|in_progress|closed|cancelled'),
        example: { type: 'tickets', where: { contact_id: 'C-1001' } },
      },
    });
  });

  test('reads a list of names in one text too, and says which of them it does not know', async () => {
    expect(await desk().use('crm_capabilities', { of: 'contact.update, tickts' })).toMatchObject({
      'contact.update': { action: 'contact.update' },
      unknown: [{ got: 'tickts', did_you_mean: expect.arrayContaining(['tickets']) }],
    });
    await desk().refused('crm_capabilities', { of: ['tickts'] });
  });

  test('every example of a list is a read that works', async () => {
    for (const { spec } of registry.views.values()) {
      // A domain of the same name is what is described then.
      if (spec.human_only || registry.domains.some(({ name }) => name === spec.type)) continue;
      const { facts, isError } = await desk().attempt('crm_capabilities', { of: spec.type });
      expect({ [spec.type]: isError }).toEqual({ [spec.type]: false });
      const { example } = z.object({ example: z.record(z.string(), z.unknown()) }).parse(facts);
      const { facts: read } = await desk().attempt('crm_query', example);
      expect(JSON.stringify(read)).not.toContain('VALIDATION_ERROR');
    }
  });
});

describe('a guess that is refused costs one call', () => {
  test('the refusal says how the action is called, and the call that was meant', async () => {
    const refused = await desk().refused('crm_action', {
      action: 'ticket.update_line',
      data: { ticket: 'T-2001', lin: '1', quantity: 12 },
    });
    expect(refused).toMatchObject({
      signature: expect.stringContaining('ticket.update_line(ticket, line?, quantity?'),
      call: { action: 'ticket.update_line', data: { ticket_id: 'T-2001', line_id: '1', quantity: 12 } },
    });
    expect(await desk().use('crm_action', z.looseObject({}).parse(refused.call))).toMatchObject({
      status: 'done',
    });
  });

  test('an action that goes by a short name says what it takes as well', async () => {
    expect(await desk().refused('crm_action', { action: 'undo', data: {} })).toMatchObject({
      field: 'of',
      signature: expect.stringMatching(/^audit\.undo\(of, /),
    });
  });

  test('a word that is none of those there are is put right as well', async () => {
    const refused = await desk().refused('crm_action', {
      action: 'lead.disqualify',
      data: { lead: 'L-1', reason: 'budgett' },
    });
    expect(refused.call).toEqual({
      action: 'lead.disqualify',
      data: { lead_id: 'L-1', reason: 'budget' },
    });
  });

  test('what only its caller knows is not made up', async () => {
    const refused = await desk().refused('crm_action', {
      action: 'ticket.close',
      data: { ticket_id: 'T-2001' },
    });
    expect(refused.signature).toContain('next_service: yes|no|reach_out');
    expect(refused).not.toHaveProperty('call');
  });

  test('an unknown action is answered with how the one that was meant is called', async () => {
    const refused = await desk().refused('crm_action', { action: 'ticket.update_lines', data: {} });
    expect(JSON.stringify(refused.signature)).toContain('ticket.update_line(ticket, line');
  });

  test('a list too, and a workflow', async () => {
    const list = await desk().refused('crm_query', { type: 'tickets', where: { technicain: 'Theo' } });
    expect(list.call).toEqual({ type: 'tickets', where: { technician_id: '«Theo»' } });
    expect(await desk().use('crm_query', z.looseObject({}).parse(list.call))).toMatchObject({
      rows: [{ reference: 'T-2001' }],
    });
    const workflow = await desk().refused('schedule_appointment', { contct: 'Jane Smith' });
    expect(workflow.signature).toContain('schedule_appointment(contact, lines?');
    expect(workflow.call).toEqual({ contact_id: '«Jane Smith»' });
  });

  test('a card number somebody pasted is not said back', async () => {
    const refused = await desk().refused('crm_action', {
      action: 'note.create',
      data: { contact_id: 'Jane Smith', contnt: 'card 4242 4242 4242 4242' },
    });
    expect(JSON.stringify(refused)).not.toContain('4242');
    expect(refused.signature).toContain('note.create(');
  });
});

describe('a member in the wrong place is put where it belongs', () => {
  test('beside the data instead of in it, and in it instead of beside', async () => {
    const cancelled = await desk().use('crm_action', {
      action: 'ticket.cancel',
      ticket: 'T-2001',
      data: { reasoning: 'The customer called it off' },
      preview: true,
    });
    expect(cancelled).toMatchObject({ status: 'preview' });
    const rows = await desk().query('tickets', { contact: 'Jane Smith', limit: 1 });
    expect(rows).toMatchObject([{ reference: 'T-2001' }]);
  });

  test('what neither takes is still refused', async () => {
    expect(await desk().refused('crm_query', { type: 'tickets', nonsense: 1 })).toMatchObject({
      field: 'nonsense',
    });
  });
});
