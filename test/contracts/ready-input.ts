import type { Action, Workflow } from '../../core/kernel/registry/define.ts';
import type { Registered } from '../../core/kernel/registry/registry.ts';
import type { Office } from '../support/office.ts';
import { makerOf } from './registered.ts';
import { sampleInput } from './sample-input.ts';
import { pickFrom, type Story } from './story.ts';

let made = 0;

/**
 * An input with which a call goes through, whatever was done before: what has to be fresh is made anew. A customer who
 * is deleted has no visits, a visit has a technician of its own on it.
 */
export async function readyInput(
  { done, read, bright }: Office,
  story: Story,
  { id, inputSchema, spec }: Registered<Action | Workflow>,
): Promise<Record<string, unknown>> {
  const pick = (record: string) => pickFrom(story, record);
  const input = sampleInput(id, inputSchema, pick);
  if (id === 'attribute.confirm')
    return { attribute_ids: [await unconfirmedFact({ done, read, bright }, pick('contact'))] };
  if (spec.kind === 'workflow' || !needsNew.test(spec.name)) return input;
  const create = makerOf(spec.domain);
  const crewed = /^(clock_in|clock_out|unassign_technician)$/.test(spec.name);
  const technician_id = crewed ? await hireTechnician({ done, bright }) : undefined;
  const { id: fresh } = await done(bright.owner, create.id, {
    ...sampleInput(create.id, create.inputSchema, pick),
    ...(crewed ? { technician_ids: [technician_id] } : {}),
  });
  const target = { [`${spec.domain}_id`]: fresh };
  if (spec.name === 'clock_out') await done(bright.owner, 'ticket.clock_in', target);
  if (spec.name === 'reopen') await done(bright.owner, 'lead.archive', target);
  if (spec.name === 'record_delivery') await done(bright.owner, 'message.send_now', target);
  if (spec.name === 'restore') await done(bright.owner, `${spec.domain}.delete`, target);
  return { ...input, ...target, ...(crewed ? { technician_id } : {}) };
}

const needsNew =
  /^(delete|restore|cancel|close|assign_technician|unassign_technician|clock_in|clock_out|convert|disqualify|archive|reopen|confirm_extraction|send|send_now|send_due|record_delivery|(complete|cancel)_follow_up)$/;

/** A fact that was found in a note, and that nobody has confirmed yet. */
async function unconfirmedFact(
  { done, read, bright }: Pick<Office, 'done' | 'read' | 'bright'>,
  contact_id: string,
): Promise<string> {
  const content = `Do not touch window ${++made}.`;
  const { id } = await done(bright.owner, 'note.create', { contact_id, content, extract: 'now' });
  const [fact] = await read(bright.owner, 'attributes', { params: { note_id: String(id) } });
  return String(fact?.id);
}

async function hireTechnician({ done, bright }: Pick<Office, 'done' | 'bright'>): Promise<string> {
  const name = `Technician ${++made}`;
  const email = `technician-${made}@brightpanes.example`;
  return String((await done(bright.owner, 'member.create', { name, email, role: 'technician' })).id);
}
