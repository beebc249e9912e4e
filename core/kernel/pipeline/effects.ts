import type { Field } from '../records/field-shape.ts';
import { type AnyCall, type Registry, usedActions } from '../registry/registry.ts';
import { counted, together } from '../words/plural.ts';
import type { Change } from './audit-entry.ts';

/**
 * What a call may do to the world that must not happen many times unseen (MAQ-15). It is read from what happened and from
 * what the fields say of themselves, never from the name of an action, so an action of tomorrow is counted like those of
 * today.
 */
export const effectKinds = ['final', 'out', 'overwritten', 'moved', 'imported'] as const;
export type EffectKind = (typeof effectKinds)[number];

/** An entry of the trail with the action or workflow that left it. */
export type Trace = Change & { domain_action: string | null; request_id?: string };

/** How far a call reached. */
export interface Effects {
  /** Records touched; a ticket with its lines is one. */
  records: number;
  /** The same in words: `1 service and 5 visits`. */
  in_words: string;
  /** Whether one call may touch many by itself: a list, an import, a workflow. */
  is_wide: boolean;
  /** What it did, by kind: the rows it did it to, or the number of a message. */
  counted: Readonly<Record<EffectKind, ReadonlySet<string>>>;
  /** Rows whose words go out later (`goes_out`) and now are others. */
  reworded: readonly { record: string; id: string }[];
}

/** The effects of one call by the entries and the messages it left. */
export function countEffects(
  registry: Registry,
  found: AnyCall,
  { changes, outgoing }: { changes: readonly Change[]; outgoing: readonly unknown[] },
): Effects {
  const traces = changes.map(entry => ({ ...entry, domain_action: found.id }));
  const counted = effectsOf(registry, traces);
  const one = standIns(registry, traces);
  return {
    ...touched(
      registry,
      withoutFollowers(registry, changes).map(entry => one(entry) ?? subjectOf(entry)),
    ),
    is_wide: found.spec.kind === 'workflow' || found.spec.effect === 'delete' || found.spec.many === true,
    counted: {
      ...counted,
      out: new Set([...counted.out, ...outgoing.map((_, index) => `message ${index}`)]),
    },
    reworded: changes.flatMap(entry =>
      isReworded(registry, entry) ? [{ record: entry.entity_type, id: entry.entity_id }] : [],
    ),
  };
}

/**
 * What stands for an entry where calls are counted: of an action that `counts_as` a record, the one such record of the call
 * for itself and all that points to it, as a series for its visits. Undefined for every other entry.
 */
function standIns(
  registry: Registry,
  trail: readonly Trace[],
): (entry: Change & { request_id?: string }) => string | undefined {
  const calls = new Map<string, Trace[]>();
  for (const entry of trail)
    calls.set(entry.request_id ?? '', [...(calls.get(entry.request_id ?? '') ?? []), entry]);
  const found = new Map<string, { record: string; key: string }>();
  for (const [call, entries] of calls) {
    const record = countsAs(registry, entries[0]?.domain_action ?? '');
    const ids = new Set(entries.flatMap(entry => (entry.entity_type === record ? [entry.entity_id] : [])));
    const [id] = ids;
    if (record !== undefined && id !== undefined && ids.size === 1)
      found.set(call, { record, key: `${record}:${id}` });
  }
  return ({ request_id = '', subject_type }) => {
    const one = found.get(request_id);
    if (!one) return undefined;
    const fields = Object.values(registry.records.get(subject_type)?.fields ?? {});
    const belongs = subject_type === one.record || fields.some(({ to }) => to?.record === one.record);
    return belongs ? one.key : undefined;
  };
}

function countsAs({ actions, workflows }: Registry, call: string): string | undefined {
  const found = actions.get(call) ?? workflows.get(call);
  const used = found ? usedActions(found) : [];
  return used.map(id => actions.get(id)?.spec.counts_as).find(record => record !== undefined);
}

function touched(registry: Registry, named: readonly string[]) {
  const subjects = new Set(named);
  const kinds = new Map<string, number>();
  for (const subject of subjects) {
    const [type = ''] = subject.split(':');
    kinds.set(type, (kinds.get(type) ?? 0) + 1);
  }
  const parts = [...kinds].map(([type, count]) => {
    const record = registry.records.get(type);
    return counted(count, record?.noun ?? type.replaceAll('_', ' '), record?.nouns);
  });
  return { records: subjects.size, in_words: together(parts) };
}

const subjectOf = ({ subject_type, subject_id }: Change): string => `${subject_type}:${subject_id}`;

/**
 * The entries but those of rows that only went with theirs, when it became part of another row or stands by itself again:
 * nothing of them has changed but whose they are, and that comes back with the one row it is counted as.
 */
function withoutFollowers({ records }: Registry, changes: readonly Change[]): Change[] {
  const turned = new Set(
    changes.filter(({ action }) => action === 'delete' || action === 'restore').map(entry => entry.entity_id),
  );
  const follows = ({ entity_type, action, changes: members }: Change) =>
    action === 'update' &&
    Object.entries(members).every(([name, value]) => {
      const { old, to } = halves(value);
      const isPointer = records.get(entity_type)?.fields[name]?.kind === 'ref';
      return isPointer && (turned.has(String(old)) || turned.has(String(to)));
    });
  return changes.filter(entry => !follows(entry));
}

const isReworded = ({ records }: Registry, { entity_type, action, changes }: Change): boolean =>
  action === 'update' &&
  Object.keys(changes).some(name => records.get(entity_type)?.fields[name]?.goes_out === true);

/** What entries of the trail say was done, each row once a kind. */
export function effectsOf(registry: Registry, trail: readonly Trace[]): Record<EffectKind, Set<string>> {
  const counted: Record<EffectKind, Set<string>> = {
    final: new Set(),
    out: new Set(),
    overwritten: new Set(),
    moved: new Set(),
    imported: new Set(),
  };
  // The newest entries come first: what was brought back since has not ended.
  const back = new Set<string>();
  const wholes = new Set<string>();
  const many = manyCalls(registry);
  const one = standIns(registry, trail);
  for (const entry of trail) {
    const row = one(entry) ?? `${entry.entity_type}:${entry.entity_id}`;
    if (isBack(registry, entry)) back.add(row);
    for (const kind of kindsOf(registry, entry, many))
      if (kind !== 'final' || !back.has(row)) counted[kind].add(row);
    if (isPartLost(registry, entry)) wholes.add(one(entry) ?? `${entry.subject_type}:${entry.subject_id}`);
  }
  // What is overwritten in a part is overwritten in its whole, once; a whole that has ended is counted as that.
  for (const whole of wholes) if (!counted.final.has(whole)) counted.overwritten.add(whole);
  return counted;
}

/** Whether an entry takes an end back: a row is restored, or its state is not one that ends it any more. */
function isBack({ records }: Registry, { entity_type, action, changes }: Trace): boolean {
  if (action === 'restore') return true;
  return Object.entries(records.get(entity_type)?.fields ?? {}).some(([name, { ends }]) => {
    const { old, to } = halves(changes[name]);
    return ends?.some(end => end === old) === true && !ends.some(end => end === to) && to !== undefined;
  });
}

function kindsOf({ records }: Registry, entry: Trace, many: readonly string[]): EffectKind[] {
  const { entity_type, entity_id, subject_id, action, changes, domain_action } = entry;
  if (action === 'delete') return ['final'];
  if (action === 'restore') return [];
  if (action === retried) return ['out'];
  if (action === 'create') {
    const isRecord = entity_id === subject_id && records.has(entity_type);
    return isRecord && domain_action !== null && many.includes(domain_action) ? ['imported'] : [];
  }
  const fields = records.get(entity_type)?.fields ?? {};
  const found = Object.entries(changes).flatMap(([name, value]) => kindsOfChange(fields[name], value));
  return [...new Set(found)];
}

/** Whether an entry overwrites what the record it belongs to says of such a part. */
function isPartLost({ records }: Registry, { entity_type, subject_type, action, changes }: Trace): boolean {
  const fields = records.get(subject_type)?.parts?.[entity_type] ?? {};
  return (
    action === 'update' &&
    Object.entries(changes).some(([name, value]) => {
      const field = fields[name];
      return halves(value).old !== field?.default && kindsOfChange(field, value).includes('overwritten');
    })
  );
}

/** The entry a delivery leaves that is tried again: it was queued by an earlier call. */
export const retried = 'retry';

function kindsOfChange(field: Field | undefined, value: unknown): EffectKind[] {
  const { old, to } = halves(value);
  if (field === undefined || isEmpty(old)) return [];
  if (field.ends?.some(end => end === to)) return ['final'];
  if (field.kind === 'moment') return field.filled || field.required ? ['moved'] : [];
  return isLost(field, old, to) ? ['overwritten'] : [];
}

/** Whether what somebody wrote is not there any more. What is added below a text, or to a list, takes nothing away. */
function isLost(field: Field, old: unknown, to: unknown): boolean {
  if (texts.has(field.kind)) return typeof to !== 'string' || !to.includes(String(old));
  if (field.kind === 'list') return listed(old).some(item => !listed(to).includes(item));
  if (field.kind === 'custom_fields') return members(old).some(item => !members(to).includes(item));
  return field.kind === 'money' && field.writable !== false;
}

const texts = new Set(['text', 'long_text', 'email', 'phone', 'url']);

/** The items of a list by what they say, whatever else is noted about them: which one is the first, say. */
const listed = (value: unknown): string[] =>
  Array.isArray(value) ? value.map(item => JSON.stringify(withoutFlags(item))) : [];

function withoutFlags(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  return Object.entries(item).filter(([, part]) => typeof part !== 'boolean');
}

const members = (value: unknown): string[] =>
  typeof value === 'object' && value !== null ? Object.entries(value).map(item => JSON.stringify(item)) : [];

function halves(value: unknown): { old: unknown; to: unknown } {
  if (typeof value !== 'object' || value === null) return { old: null, to: value };
  return { old: 'old' in value ? value.old : null, to: 'new' in value ? value.new : null };
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0);

/** Actions and workflows that may make many records at once. */
export function manyCalls(registry: Registry): string[] {
  const many = [...registry.actions.values()].filter(({ spec }) => spec.many).map(({ id }) => id);
  const flows = [...registry.workflows.values()].filter(({ spec }) =>
    spec.uses.some(id => many.includes(id)),
  );
  return [...many, ...flows.map(({ id }) => id)];
}

/**
 * Whether what a call of an agent did must be looked at before it may stay. Whatever changes, ends, sends or makes many
 * is, and so is a workflow; what only makes one thing, and writes to nobody, is not.
 */
export function mayReach({ spec }: { spec: AnyCall['spec'] }): boolean {
  if (spec.kind === 'workflow') return spec.uses.length > 0 && !spec.read_only;
  return spec.effect !== 'create' || spec.many === true || spec.touches?.includes('email') === true;
}
