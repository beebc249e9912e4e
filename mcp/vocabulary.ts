import type { Field } from '../core/kernel/records/field-shape.ts';
import type { Registry } from '../core/kernel/registry/registry.ts';
import { errorCodes } from '../core/kernel/words/errors.ts';
import { type JsonSchema, jsonSchemaOf } from '../core/kernel/words/parse-input.ts';
import { functionKinds } from '../core/search/functions.ts';

/**
 * The words the software itself uses in its answers: states, kinds, names of actions. Whatever else stands in an answer
 * may have been written by anybody.
 */
export interface Vocabulary {
  /** Tells our own words in members of this name; undefined where there are none. */
  wordsIn(name: string): ((word: string) => boolean) | undefined;
  /** Whether the members inside a member of this name were named by somebody, too: custom fields, facts, what was sent in. */
  isNamedByThem(name: string): boolean;
  /** Whether the fields of this name hold our words or the owner’s on every record that has one: `currency`. */
  isOurs(name: string): boolean;
  /** Whether a member points to what is the owner’s own, so that the name in it is theirs: `technician_id`. */
  pointsToOurs(name: string): boolean;
  /** Whether a text is a reference to a record: `C-1042`. */
  isReference(text: string): boolean;
}

const known = new WeakMap<Registry, Vocabulary>();

/** Read from the registrations when first asked for: a client on stdio waits for its start. */
export function vocabularyOf(registry: Registry): Vocabulary {
  const before = known.get(registry);
  if (before) return before;
  const { options, members } = collectWords(registry);
  const names = new Set([
    ...registry.actions.keys(),
    ...[...registry.actions.values()].map(({ spec }) => spec.name),
    ...registry.workflows.keys(),
    ...registry.records.keys(),
    ...registry.views.keys(),
    ...registry.jobs.keys(),
    ...members,
    ...[...options.values()].flatMap(words => [...words]),
    ...unlisted,
  ]);
  const fields = [...registry.records.values()].flatMap(record => Object.entries(record.fields));
  const inTheirs = new Set(fields.filter(([, field]) => isOpen(field)).map(([name]) => name));
  const theirs = new Set(fields.filter(([, { whose }]) => whose !== 'ours').map(([name]) => name));
  const ours = new Set(fields.map(([name]) => name).filter(name => !theirs.has(name)));
  const ownRecords = new Set(
    registry.domains.flatMap(({ whose, records: own = [] }) =>
      whose === 'ours' ? own.map(record => record.name) : [],
    ),
  );
  /** `contacts/C-1042`: where a search result is opened. */
  const isPlace = (word: string) => {
    const [type = '', reference = ''] = word.split('/');
    return names.has(type) && registry.references.has(reference);
  };
  const vocabulary: Vocabulary = {
    isNamedByThem: name => inTheirs.has(name),
    isOurs: name => ours.has(name),
    pointsToOurs: name => {
      const record = registry.pointsTo(name) ?? registry.pointsTo(name.replace(/s$/, ''));
      return record !== undefined && ownRecords.has(record);
    },
    isReference: text => registry.references.has(text),
    wordsIn: name => {
      const words = options.get(name) ?? new Set();
      const isCode = codes.has(name);
      const isWord = (word: string) => words.has(word) || (isCode && names.has(word));
      if (name === 'open') return word => isPlace(word) || isWord(word);
      return words.size > 0 || isCode ? isWord : undefined;
    },
  };
  known.set(registry, vocabulary);
  return vocabulary;
}

/** Members that name one of our own things although their schema says no more than "text". */
const codes = new Set([
  'action',
  'actor_kind',
  'code',
  'decision',
  'domain_action',
  'entity_type',
  'extracted_by',
  'filled',
  'group',
  'kind',
  'level',
  'record',
  'rule',
  'rule_action',
  'source',
  'state',
  'status',
  'subject_type',
  'type',
  'unconfirmed',
]);

/** Words of ours that no registration lists: what triggers write of rows that are no records, what is cut off. */
const unlisted = [
  ...Object.keys(errorCodes),
  '*',
  ...['key_created', 'key_revoked', 'consent_given', 'consent_revoked', 'exported'],
  ...[
    'connected',
    'disconnected',
    'connection_code_replayed',
    'connection_token_replayed',
    'connection_refused',
  ],
  ...['ticket_line', 'time_entry', 'agent_key', 'permission_override', 'authorization_request'],
  ...['executing', 'bulk'],
  ...functionKinds,
];

/** What holds JSON holds members that its kind does not name. */
const isOpen = ({ column, whose }: Field): boolean => column === 'jsonb' && whose !== 'ours';

/** The values that schemas allow, by the name of the member, and the names of all members. */
function collectWords(registry: Registry): { options: Map<string, Set<string>>; members: Set<string> } {
  const options = new Map<string, Set<string>>();
  const members = new Set<string>();
  const add = (name: string, values: readonly unknown[]) => {
    const words = options.get(name) ?? new Set();
    for (const value of values) if (typeof value === 'string') words.add(value);
    options.set(name, words);
  };
  const visit = (schema: JsonSchema, name: string): void => {
    if (Array.isArray(schema.enum)) add(name, schema.enum);
    if (schema.const !== undefined) add(name, [schema.const]);
    for (const [member, part] of Object.entries(schema.properties ?? {})) {
      members.add(member);
      visit(part, member);
    }
    for (const part of schema.anyOf ?? []) visit(part, name);
    if (typeof schema.items === 'object') visit(schema.items, name);
  };
  for (const { spec, inputSchema } of [...registry.actions.values(), ...registry.workflows.values()]) {
    visit(inputSchema, '');
    visit(jsonSchemaOf(spec.output, 'output'), '');
  }
  for (const { spec, paramsSchema } of registry.views.values()) {
    visit(paramsSchema, '');
    visit(jsonSchemaOf(spec.row, 'output'), '');
  }
  return { options, members };
}
