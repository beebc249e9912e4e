import { z } from 'zod';
import { sql } from '../database/sql.ts';
import type { WorkflowContext } from '../pipeline/context.ts';
import { canonicalJson } from '../pipeline/idempotency.ts';
import { explain } from '../pipeline/invocation.ts';
import { withReferences } from '../records/called-by.ts';
import { listByIds } from '../records/record-queries.ts';
import { budgets } from '../words/budgets.ts';
import { DeskhandError, invalid } from '../words/errors.ts';
import { type Aliases, memberNamed, snakeCase } from '../words/parse-input.ts';
import { quoteStart } from '../words/quote.ts';
import { type Action, defineWorkflow, type Several, type Workflow } from './define.ts';
import type { Registered } from './registered.ts';

/** More than this in one list is refused. */
export const mostInList = 50;

type Members = Record<string, unknown>;

/** An action done to several things in one call, and how its data is read from what a caller writes. */
export interface ListForm {
  /** In one transaction, all or nothing; the levels and rules of the action hold for each item (architecture, rule 9). */
  workflow: Workflow;
  /**
   * The items of a call that lists several, each with what they share: `{technician: 'Tess', tickets: ['T-1', 'T-2']}`.
   * Undefined for a call of the plain action. Throws VALIDATION_ERROR when an item is said twice over.
   */
  read(data: unknown, aliases: Aliases): Members | undefined;
}

/**
 * What `several` of an action makes of it. The list is a workflow of that one action under the action's own name, so that
 * it is permitted, previewed, counted, kept and told like any workflow, and nobody writes a list form by hand.
 */
export function listForm(call: Registered<Action>, several: Several): ListForm {
  const { as } = several;
  const { spec: action, id } = call;
  requirePlain(action, id, several);
  const workflow = defineWorkflow({
    name: id,
    title: action.summary,
    summary: action.summary,
    input: z.strictObject({ [as]: z.array(action.input).min(1).max(mostInList) }),
    output: z.object({ results: z.array(action.output) }),
    uses: [id],
    ...(action.roles ? { roles: action.roles } : {}),
    ...(action.reasoning_in === undefined ? {} : { reasoning_in: action.reasoning_in }),
    async run(context, input) {
      const items: readonly Members[] = z.array(z.record(z.string(), z.unknown())).parse(input[as]);
      requireApart(items, several);
      await lockAll(context, call, items);
      return { results: await runAll(context, id, items, several) };
    },
  });
  return { workflow, read: (data, aliases) => readList(call, several, data, aliases) };
}

/** What cannot be listed: a member of its own by that name, what people alone do, a question asked before, money that moves. */
function requirePlain({ input, prepare, permission, human_only }: Action, id: string, { as }: Several): void {
  if (as in input.shape)
    throw new Error(`${id} has a member ${as} of its own, and cannot list several as ${as}`);
  if (human_only) throw new Error(`${id} is for people, who do it one at a time`);
  if (prepare) throw new Error(`${id} prepares each call and cannot be done to several at once`);
  if (permission.amount) throw new Error(`${id} moves money, which is done one at a time`);
}

function readList(
  call: Registered<Action>,
  { as, word }: Several,
  data: unknown,
  aliases: Aliases,
): Members | undefined {
  if (!isMembers(data)) return undefined;
  const memberOf = (name: string) => memberNamed(call.inputSchema, name, aliases) ?? name;
  // "ticket_ids", and a list where the one is wanted, are understood too.
  const isList = (name: string, value: unknown) =>
    [as, ...(word === undefined ? [] : [`${word}s`])].includes(snakeCase(name)) ||
    (Array.isArray(value) && memberOf(name) === word);
  const listed = Object.entries(data).find(([name, value]) => isList(name, value));
  if (!listed) return undefined;
  const [list, given] = listed;
  const { [list]: _items, ...shared } = data;
  const items = (Array.isArray(given) ? given : [given]).map((item: unknown, index) => {
    const own = typeof item === 'string' && word !== undefined ? { [word]: item } : item;
    if (!isMembers(own)) return own;
    const named = new Set(Object.keys(own).map(memberOf));
    const more = [...named, ...Object.keys(shared).map(memberOf)].find(name => call.spec.also?.[name]);
    if (more !== undefined)
      throw invalid(`${as}.${index}`, `${quoteStart(more, 60)} goes with one at a time, not with a list.`, {
        hint: `Leave ${more} out, or call ${call.id} for each.`,
      });
    const twice = Object.keys(shared).find(name => memberOf(name) === word && named.has(memberOf(name)));
    if (twice !== undefined)
      throw invalid(`${as}.${index}`, `"${twice}" stands beside the list and in it; say it in one place.`);
    const rest = Object.entries(shared).filter(([name]) => !named.has(memberOf(name)));
    return { ...Object.fromEntries(rest), ...own };
  });
  return { [as]: items };
}

/** Two items about the same thing: one of them is a slip, and which one nobody can tell. */
function requireApart(items: readonly Members[], { as, apart_by }: Several): void {
  const seen = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = canonicalJson(apart_by ? apart_by.map(member => item[member] ?? null) : item);
    const first = seen.get(key);
    if (first !== undefined) {
      throw invalid(
        `${as}.${index}`,
        `Nos. ${first + 1} and ${index + 1} of ${as} are the same; nothing was changed.`,
        {
          hint: 'Say it once.',
        },
      );
    }
    seen.set(key, index);
  }
}

interface Refused {
  index: number;
  error: DeskhandError;
}

/**
 * What the items change is locked in one order, whatever the order of the list is: two who name the same visits, one the other way
 * round, wait for each other instead of holding each other up.
 */
async function lockAll(
  context: WorkflowContext,
  { spec: { locks }, refs }: Registered<Action>,
  items: readonly Members[],
): Promise<void> {
  const ref = refs.find(({ path }) => path.length === 1 && path[0] === locks);
  const record = ref && context.registry.records.get(ref.record);
  if (!ref || !record) return;
  const ids = items.map(item => item[String(locks)]).filter(id => typeof id === 'string');
  await listByIds(context, record, ids, { lock: 'change', deleted: true });
}

/** Each item in turn, each in a savepoint of its own: so all that cannot be done is told at once, and nothing is done. */
async function runAll(
  context: WorkflowContext,
  id: string,
  items: readonly Members[],
  several: Several,
): Promise<Members[]> {
  const { tx } = context;
  const answers: Members[] = [];
  const refused: Refused[] = [];
  for (const [index, item] of items.entries()) {
    tx.send(sql`savepoint item`);
    try {
      answers.push(await context.call(id, item));
      tx.send(sql`release savepoint item`);
    } catch (error) {
      const known = explain(context.registry, error);
      // Why it is done is asked of the whole call.
      if (!(known instanceof DeskhandError) || known.code === 'REASONING_REQUIRED') throw known;
      await tx.run(sql`rollback to savepoint item`);
      refused.push({ index, error: known });
      if (refused.length === budgets.told_mistakes) break;
    }
  }
  if (refused.length > 0) throw await refusalOf(context, refused, items, several);
  return answers;
}

async function refusalOf(
  context: WorkflowContext,
  refused: readonly Refused[],
  items: readonly Members[],
  { as, word }: Several,
): Promise<DeskhandError> {
  const named = await withReferences(context, items, 'named');
  const problems = refused.map(({ index, error: { message, details } }) => {
    const name = word === undefined ? undefined : named[index]?.[word];
    return {
      field: [as, String(index), ...(details.field ? [details.field] : [])].join('.'),
      message: typeof name === 'string' ? `${name}: ${message}` : message,
    };
  });
  const [first] = refused;
  const [told] = problems;
  if (!first || !told) throw new Error('nothing was refused');
  const { code, details } = first.error;
  const message =
    refused.length === 1
      ? `${told.message} Nothing was done for the others either.`
      : `${refused.length} of ${items.length} cannot be done, so none was. ${told.message}`;
  return new DeskhandError(code, items.length === 1 ? told.message : message, {
    ...details,
    field: told.field,
    ...(problems.length > 1 ? { problems } : {}),
  });
}

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
