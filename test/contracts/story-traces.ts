import { newId } from '../../core/kernel/database/ids.ts';
import { openUsageMeter } from '../../core/llm/meter.ts';
import { createAuthenticator } from '../passkeys/authenticator.ts';
import { confirmedBy, enrol, madeBy, signIn } from '../passkeys/people.ts';
import type { Business, Office } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// What a business has besides its records: what ran, what waits, what failed, and how its owner signs in.

/** A lead that has become a customer while somebody was still to call back: what ends the call waits to be run. */
export async function leaveRun(
  { done, read }: Pick<Office, 'done' | 'read'>,
  owner: Business['owner'],
  name: string,
) {
  const { id: lead_id } = await done(owner, 'lead.create', { full_name: `${name} Winner` });
  const call = { type: 'phone_call', direction: 'inbound', follow_up_at: '2026-11-20T09:00' };
  await done(owner, 'interaction.create', { ...call, lead_id });
  await done(owner, 'lead.convert', { lead_id });
  const [run] = await read(owner, 'workflow_runs', { params: { state: 'waiting' } });
  return String(run?.id);
}

/**
 * What is left by the way: a question to the language model, a request that waits, a dead delivery, a security event, a
 * level the owner has set.
 */
export async function leaveTraces(
  { act, done, read, database, db }: Office,
  business: Business,
  name: string,
): Promise<Record<string, string>> {
  const question = { organization_id: business.id, purpose: 'note.extract', model: `${name} 8b` };
  await (await openUsageMeter(db).claim(question))({ failed: false, prompt_tokens: 9, completion_tokens: 3 });
  const waiting = await act(
    business.agent,
    'attribute.update_key',
    { key: 'pet', description: `${name} described` },
    { reasoning: `${name} wants to know what it means` },
  );
  if (waiting.status !== 'pending_authorization') throw new Error('the story needs a request that waits');
  await done(business.owner, 'contact.create', {
    full_name: `${name} Redacted`,
    notes: 'card 4242 4242 4242 4242',
  });
  const { rows } = await database.owner.query<{ id: string; dedupe_key: string | null }>(
    `update jobs set dead_at = now(), last_error = $2 where organization_id = $1 returning id, dedupe_key`,
    [business.id, `${name} mailbox is full`],
  );
  await database.owner.query(
    `insert into webhook_events (organization_id, id, provider, event_id, type, object_id, processed_at)
    values ($1, $2, 'resend', $3, 'email.delivered', $3, now())`,
    [business.id, newId(), `event of ${name}`],
  );
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}.gone@example.com`;
  await database.owner.query(
    `insert into mail_troubles (organization_id, email, status, since) values ($1, $2, 'bounced', now())`,
    [business.id, email],
  );
  const unreachable = await done(business.owner, 'contact.create', {
    full_name: `${name} Unreachable`,
    email,
  });
  const level = await done(business.owner, 'authorization.set_level', {
    action: 'note.delete',
    level: 'soft_limit',
    reason: `${name} wants to know why`,
  });
  const sleeper = await done(business.owner, 'agent.create', { name: `${name} Sleeper` });
  await done(business.owner, 'authorization.pause_agent', { agent_id: sleeper.id });
  const feed = await done(business.owner, 'calendar_feed.create', { covers: 'business' });
  const [ofFeed] = await read(business.owner, 'calendar_feeds', { fields: ['member_id'] });
  const connection = await done(business.owner, 'connection.allow', {
    agent_id: sleeper.id,
    client_id: `https://${name.toLowerCase()}.example/client.json`,
    client_name: `${name} Program`,
    redirect_host: `${name.toLowerCase()}.example`,
    is_verified: true,
    scope: 'office',
  });
  const [request] = await read(business.owner, 'authorization_requests', {
    filter: 'pending',
    fields: ['reference', 'digest'],
  });
  return {
    // Not one of which another may wait by now: that could not be tried again.
    'dead delivery': rows.find(({ dedupe_key }) => dedupe_key === null)?.id ?? '',
    'unreachable customer': String(unreachable.id),
    'waiting request': String(request?.reference),
    digest: String(request?.digest),
    grant: String(level.id),
    'paused agent': String(sleeper.id),
    'calendar feed': String(feed.id),
    connection: String(connection.id),
    'agent of connections': String(sleeper.id),
    'member of calendar_feeds': String(ofFeed?.member_id),
  };
}

/** Everything was taken out once, by the command line, and its file lies here too. */
export async function leaveExport(office: Office, { id }: Business, name: string): Promise<string> {
  const machine = { via: 'system', organization_id: id, name: 'command line' } as const;
  const { id: written } = await office.done(machine, 'export.note_written', {
    file_name: `${name} Customer.zip`,
  });
  await asTableOwner(
    office,
    `update exports set status = 'ready', size_bytes = 2, expires_at = '2027-01-01' where id = $1`,
    [written],
  );
  await asTableOwner(
    office,
    `insert into export_parts (organization_id, export_id, part, bytes) values ($1, $2, 0, 'PK')`,
    [id, written],
  );
  return String(written);
}

/** A passkey of the owner, what it confirms, and another one that could be added; both good all day. */
export async function leavePasskeys(
  office: Office,
  { id, owner }: Business,
  name: string,
): Promise<Record<string, string>> {
  const [before] = await office.read(owner, 'passkeys');
  if (before) await office.done(owner, 'passkey.remove', { id: before.id });
  const device = await enrol(office, owner, createAuthenticator(), `${name} phone`);
  const [passkey] = await office.read(owner, 'passkeys');
  const [person] = await office.read(owner, 'members', { params: { role: 'owner' }, fields: ['email'] });
  await signIn(office, String(person?.email));
  const [session] = await office.read(owner, 'sessions');
  const confirmation = await confirmedBy(office, owner, device, { purpose: 'passkeys' });
  const added = await madeBy(office, owner, createAuthenticator());
  await office.database.owner.query(
    `update passkey_challenges set expires_at = now() + interval '1 day' where organization_id = $1`,
    [id],
  );
  return { passkey: String(passkey?.id), session: String(session?.id), 'new passkey': added, confirmation };
}
