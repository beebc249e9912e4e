import { deletedPreset } from '../records/derive.ts';
import { exampleReference } from '../records/reference.ts';
import { type Aliases, itemsOf, type JsonSchema, jsonSchemaOf, memberNamed } from '../words/parse-input.ts';
import { day } from '../words/time.ts';
import type { Action } from './define.ts';
import type { AnyCall, RegisteredView, Registry } from './registry.ts';

/**
 * How often an office uses something, 1 most of all. What says it stands with its signature in the description of the
 * tools an agent sees first; everything else is looked up.
 */
export interface Often {
  rank: number;
  /** The members its signature names there, when a few of many do; the others are `…`. */
  members?: readonly string[];
}

/** More words than these are looked up. */
const mostOptions = 8;

/** Of an object inside with more members than these the first are named. */
const mostMembers = 8;

/** How something is called, in one line each. */
export interface Signatures {
  /**
   * An action or workflow: `ticket.update_line(ticket, line, quantity?)`. Members that point to something are called by
   * what they point to, which every input understands; `?` marks what may be left out; few words stand there as `a|b`;
   * `or tickets: []` says that a list of these may be given in one call.
   */
  of(call: Pick<AnyCall, 'id' | 'inputSchema'>): string;
  /** What a list can be asked for: `tickets(contact?, status?: a|b; filter: open; include: lines)`. */
  ofView(view: RegisteredView): string;
  /** Those of the actions an office uses most, those it uses most of all first. */
  often_called: readonly string[];
  /** The same of the lists it reads. */
  often_read: readonly string[];
}

export function signaturesOf({ actions, views, aliases, lists }: Registry): Signatures {
  const ofCall = ({ id, inputSchema }: Pick<AnyCall, 'id' | 'inputSchema'>, only?: readonly string[]) =>
    `${id}(${[membersOf(inputSchema, { aliases, only }), ...severalIn(id)].join('; ')})`;
  const severalIn = (id: string) => (lists.has(id) ? [`or ${actions.get(id)?.spec.several?.as}: []`] : []);
  const ofView = ({ spec, paramsSchema }: RegisteredView, only?: readonly string[]) => {
    const parts = [
      membersOf(paramsSchema, { aliases, only }),
      ...named('filter', withoutUsual(spec.filters, only), '|'),
      ...named('include', withoutUsual(spec.includes, only), ', '),
    ];
    return `${spec.type}(${parts.filter(Boolean).join('; ')})`;
  };
  return {
    of: call => ofCall(call),
    ofView: view => ofView(view),
    get often_called() {
      const before = new Map<string, string>();
      return ranked([...actions.values()]).map(
        action =>
          `${withoutRepetition(action.id, ofCall(action, action.spec.often?.members), before)}${signOf(action.spec)}`,
      );
    },
    get often_read() {
      return ranked([...views.values()]).map(view => ofView(view, view.spec.often?.members));
    },
  };
}

/** What was said of an object inside is not said again: `lines?: [as in ticket.create]`. */
const withoutRepetition = (id: string, signature: string, before: Map<string, string>): string =>
  signature.replace(/\{[^{}]{40,}\}/g, shape => {
    const first = before.get(shape);
    if (first === undefined) before.set(shape, id);
    return first === undefined || first === id ? shape : `as in ${first}`;
  });

/** How an agent may use it as a rule: ` !` waits for the owner, ` ~` wants the reasoning. */
const signOf = ({ permission: { level } }: Action): string =>
  level === 'requires_authorization' ? ' !' : level === 'soft_limit' ? ' ~' : '';

interface Wanted {
  aliases: Aliases;
  /** These members, and `…` for the others; all of them when left out. */
  only?: readonly string[] | undefined;
}

function ranked<T extends { spec: { often?: Often } }>(registered: readonly T[]): T[] {
  const rankOf = ({ spec }: T) => spec.often?.rank ?? Number.POSITIVE_INFINITY;
  return registered.filter(({ spec }) => spec.often).sort((a, b) => rankOf(a) - rankOf(b));
}

/** What every list has is not said of each that is read most. */
const withoutUsual = (known: Readonly<Record<string, string>> = {}, only: readonly string[] | undefined) =>
  Object.keys(known).filter(name => !only || (name !== deletedPreset && name !== 'audit_trail'));

const named = (what: string, words: readonly string[], between: string) =>
  words.length > 0 ? [`${what}: ${words.join(between)}`] : [];

function membersOf(schema: JsonSchema, { aliases, only }: Wanted): string {
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  const members = Object.entries(schema.properties ?? {}).sort(
    ([a], [b]) => Number(required.has(b)) - Number(required.has(a)),
  );
  const shown = only ? only.flatMap(name => members.filter(([member]) => member === name)) : members;
  const said = shown.map(
    ([name, member]) =>
      `${saidAs(schema, name, aliases)}${required.has(name) ? '' : '?'}${kindOf(member, aliases)}`,
  );
  return [...said, ...(shown.length < members.length ? ['…'] : [])].join(', ');
}

/** `contact` for `contact_id`, `technicians` for `technician_ids`, unless that means something else here. */
function saidAs(schema: JsonSchema, name: string, aliases: Aliases): string {
  const short = name.replace(/_id$/, '').replace(/_ids$/, 's');
  return memberNamed(schema, short, aliases) === name ? short : name;
}

/** What a value is made of, where that is not plain text or a number. */
function kindOf(schema: JsonSchema, aliases: Aliases): string {
  const { anyOf, enum: listed, examples } = schema;
  // What no words say shorter: `{fri: [["08:00","16:00"]]}`.
  if (Array.isArray(examples)) return `: ${JSON.stringify(examples[0])}`;
  if (Array.isArray(listed)) return listed.length <= mostOptions ? `: ${listed.join('|')}` : '';
  const inner = itemsOf(schema);
  if (inner?.properties) return `: [{${membersOf(inner, { aliases })}}]`;
  if (inner) return `: [${kindOf(inner, aliases).slice(2)}]`;
  const { properties } = schema;
  if (properties && Object.keys(properties).length > mostMembers)
    return `: {${Object.keys(properties).slice(0, 4).join(', ')}, …}`;
  if (properties) return `: {${membersOf(schema, { aliases })}}`;
  const [first] = (anyOf ?? []).filter(({ type }) => type !== 'null');
  return first && anyOf?.length === 2 ? kindOf(first, aliases) : '';
}

/** One read that works: what must be given, else one filter of those that are not plain words. */
export function exampleRead({ records }: Pick<Registry, 'records'>, { spec, paramsSchema }: RegisteredView) {
  const required = Array.isArray(paramsSchema.required) ? paramsSchema.required.map(String) : [];
  const known = Object.entries(paramsSchema.properties ?? {}).flatMap(([name, schema]) => {
    const value = exampleOf(schema, records);
    return value === undefined ? [] : [[name, value] as const];
  });
  const where = known.filter(([name], index) =>
    required.length > 0 ? required.includes(name) : index === 0,
  );
  return { type: spec.type, ...(where.length > 0 ? { where: Object.fromEntries(where) } : {}) };
}

function exampleOf(schema: JsonSchema, records: Registry['records']): unknown {
  const { enum: listed, examples: said, type, pattern, ref } = schema;
  if (Array.isArray(said)) return said[0];
  if (Array.isArray(listed)) return listed[0];
  const record = typeof ref === 'string' ? records.get(ref) : undefined;
  if (record) return record.reference ? exampleReference(record.reference, exampleYear) : 'Theo';
  if (type === 'boolean') return true;
  return pattern === dayPattern ? '2026-12-01' : undefined;
}

const dayPattern = jsonSchemaOf(day, 'input').pattern;

// No business and no clock is known here: any year does.
const exampleYear = 2026;
