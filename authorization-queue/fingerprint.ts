import { z } from 'zod';
import { canonicalJson } from '../core/kernel/pipeline/idempotency.ts';
import { isUnasked, messageKinds } from '../core/messages/record.ts';

const change = z.looseObject({
  entity_type: z.string(),
  entity_id: z.string(),
  action: z.string(),
  changes: z.record(z.string(), z.unknown()),
});
const seen = z.looseObject({
  changes: z.array(change),
  outgoing: z.array(z.object({ kind: z.string(), payload: z.unknown() })),
  /** When it was looked at; missing in requests from before that was kept. */
  at: z.string().optional(),
});
type Seen = z.output<typeof seen>;

/** Whether a run did what a preview said: alike but for the moment, and the ids and numbers of rows that came into being. */
export function isSameEffect(shown: unknown, done: unknown): boolean {
  const [before, after] = [seen.parse(shown), seen.parse(done)];
  return (
    fingerprintOf(before) === fingerprintOf(after) ||
    // "Clocked in now" is another time when it runs; a time that was asked for is the same in both.
    fingerprintOf(before, before.at) === fingerprintOf(after, after.at)
  );
}

// New with every run and of no meaning: the moment, the number, the id.
const volatile = (field: string) =>
  field === 'id' ||
  field === 'reference' ||
  field === 'version' ||
  // Drawn by lot, and the next business hour from the moment it runs; a time that was asked for stands in the input.
  field === 'public_key' ||
  /^(created|updated|deleted|cancelled|undone|follow_up)_at$/.test(field);

const ids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]+(?:-\d+)+/g;
const moments = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;

/**
 * A text that two runs share when they do the same: new ids and numbers are counted through, and what is stamped with
 * the moment `at` says "now". Two that differ must not pass for each other.
 */
function fingerprintOf({ changes: all, outgoing }: Seen, at?: string): string {
  const changes = all.filter(entry => !isPlanned(entry));
  // What is planned comes last: how much of it there is says nothing of the rest, which may name it.
  const rows = [...changes, ...all.filter(isPlanned)];
  const made = rows.filter(entry => entry.action === 'create').map(entry => entry.entity_id);
  const references = rows.flatMap(entry => newReference(entry.changes));
  const names = new Map(
    [...made, ...references, ...newLinks(outgoing)].map((name, index) => [name, `new ${index + 1}`]),
  );
  const plain = canonicalJson([
    changes.map(({ entity_type, entity_id, action, changes: fields }) => [
      entity_type,
      entity_id,
      action,
      Object.fromEntries(Object.entries(fields).filter(([name]) => !volatile(name))),
    ]),
    outgoing,
  ]).replace(ids, name => names.get(name) ?? name);
  return at === undefined ? plain : plain.replace(moments, text => (isNear(text, at) ? 'now' : text));
}

const planned = z.object({
  kind: z.object({ new: z.enum(messageKinds) }),
  words: z.object({ new: z.literal('template') }),
  status: z.object({ new: z.literal('pending') }),
});

/**
 * A reminder or a question that a flow has planned, in the words of its kind: it follows from the visit and from when its customer
 * was told. Whoever allows the visit hours later allows it, and then its day is another one.
 */
function isPlanned({ entity_type, action, changes }: Seen['changes'][number]): boolean {
  if (entity_type !== 'scheduled_message' || action !== 'create') return false;
  const { data } = planned.safeParse(changes);
  return data !== undefined && !isUnasked(data.kind.new);
}

const isNear = (moment: string, at: string) => Math.abs(Date.parse(moment) - Date.parse(at)) <= 60_000;

const withLinks = z.object({
  unsubscribe_link: z.string().optional(),
  links: z.record(z.string(), z.object({ id: z.string() })).default({}),
});

/** The links that were made for the mails: they have a purpose and a subject that stay, and an id that is new with every run. */
function newLinks(outgoing: Seen['outgoing']): string[] {
  return outgoing.flatMap(({ payload }) => {
    const { data } = withLinks.safeParse(payload);
    const named = Object.values(data?.links ?? {}).map(({ id }) => id);
    return data?.unsubscribe_link === undefined ? named : [...named, data.unsubscribe_link];
  });
}

/** The number a new row got: it may stand in the text of a mail. */
function newReference(fields: Record<string, unknown>): string[] {
  const value = z.object({ reference: z.object({ old: z.null(), new: z.string() }) }).safeParse(fields);
  return value.success ? [value.data.reference.new] : [];
}
