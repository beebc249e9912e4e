import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type {
  ActionCapability,
  Capabilities,
  DataTypeCapability,
} from '../../core/kernel/registry/capabilities.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { mostInList } from '../../core/kernel/registry/several.ts';
import { exampleRead, signaturesOf } from '../../core/kernel/registry/signature.ts';
import { didYouMean } from '../../core/kernel/words/did-you-mean.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { quoteStart } from '../../core/kernel/words/quote.ts';
import { answer, presenter } from '../present.ts';
import { slimJsonSchema, toolSchema } from '../schema.ts';
import { callerOf, type McpTool } from '../tool.ts';

/** So many are described in one answer; more is the index once again. */
const mostAtOnce = 12;

const input = z.strictObject({
  of: z.array(z.string()).max(mostAtOnce).optional().meta({
    description: 'domains, domain.actions, data types; for their fields: ["contact.update", "invoice"]',
  }),
});

const output = z.looseObject({});

/** What there is (MCP-02): an index of a thousand tokens or so, details of one thing on demand. */
export function crmCapabilities(app: App): McpTool {
  const schema = jsonSchemaOf(input, 'input');
  const { refuse } = presenter(app.registry);
  return {
    name: 'crm_capabilities',
    title: 'What can be done',
    description:
      'List domains, actions and data types; with "of", the fields, options, levels and an example of some.',
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(output, 'output'),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async call(args, session) {
      try {
        const { of = [] } = parseInput(input, schema, splitNames(args));
        const all = await app.capabilities(callerOf(session), { request_id: session.request_id });
        return answer(of.length === 0 ? index(all) : describeAll(app.registry, all, of));
      } catch (error) {
        return refuse(error, 'read');
      }
    },
  };
}

/** One line per domain: actions with a mark for their level, and data types. */
function index(all: Capabilities): Record<string, unknown> {
  return {
    organization: all.organization,
    agent: all.you.name,
    ...(all.you.paused ? { paused: true } : {}),
    marks:
      '~ needs reasoning, ! waits for the owner, ? depends on the record; people-only actions are left out',
    domains: Object.fromEntries(
      all.domains.map(domain => [
        domain.name,
        {
          actions: domain.actions
            .filter(action => !action.human_only)
            .map(marked)
            .join(' '),
          data: domain.data_types.map(type => type.type).join(' '),
        },
      ]),
    ),
    workflows: all.workflows.map(workflow => workflow.name).join(' '),
    next: 'Ask again with of=["ticket.create", "tickets"] for fields, several at once.',
  };
}

function marked(action: ActionCapability): string {
  const level = { unrestricted: '', soft_limit: '~', requires_authorization: '!', forbidden: '✗' }[
    action.level
  ];
  return `${action.name}${level}${action.conditions.length > 0 ? '?' : ''}`;
}

/** "contact.update, invoice" is understood as well. */
function splitNames(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('of' in args)) return args;
  const { of, ...rest } = args;
  const names = (Array.isArray(of) ? of : [of]).flatMap((name: unknown) =>
    typeof name === 'string' ? name.split(/[\s,]+/).filter(Boolean) : [name],
  );
  return { ...rest, of: names };
}

/** One thing as it is; several by name, and those nobody knows with what they may be. */
function describeAll(registry: Registry, all: Capabilities, of: readonly string[]): Record<string, unknown> {
  const [only, ...others] = of;
  const describe = (name: string) => details(registry, all, name.trim().replaceAll('-', '_'));
  if (only !== undefined && others.length === 0) {
    const found = describe(only);
    if (found) return found;
    throw unknown(all, only);
  }
  const described = of.map(name => [name, describe(name)] as const);
  const missing = described.flatMap(([name, found]) => (found ? [] : [unknown(all, name)]));
  const [first] = missing;
  if (first && missing.length === of.length) throw first;
  return {
    ...Object.fromEntries(described.filter(([, found]) => found)),
    ...(missing.length > 0
      ? { unknown: missing.map(({ details: { got, did_you_mean } }) => ({ got, did_you_mean })) }
      : {}),
  };
}

function details(registry: Registry, all: Capabilities, wanted: string): Record<string, unknown> | undefined {
  const domain = all.domains.find(({ name }) => name === wanted);
  if (domain) return describeDomain(registry, domain);
  const called = registry.called(wanted)?.id ?? wanted;
  for (const { name, actions, data_types } of all.domains) {
    const action = actions.find(candidate => `${name}.${candidate.name}` === called);
    if (action) return describeAction(registry, `${name}.${action.name}`, action);
    const type = data_types.find(candidate => candidate.type === wanted);
    if (type) return describeType(registry, type);
  }
  const workflow = all.workflows.find(({ name }) => name === wanted);
  return workflow && { ...workflow, input_schema: readable(workflow.input_schema) };
}

function describeDomain(
  registry: Registry,
  domain: Capabilities['domains'][number],
): Record<string, unknown> {
  return {
    domain: domain.name,
    summary: domain.summary,
    actions: Object.fromEntries(
      domain.actions
        .filter(({ name }) => !isOwnWork(registry, `${domain.name}.${name}`))
        .map(action => [action.name, brief(registry, `${domain.name}.${action.name}`, action)]),
    ),
    data_types: domain.data_types.map(({ type, summary }) => ({
      type,
      summary,
      signature: signaturesOf(registry).ofView(registry.view(type)),
      example: exampleRead(registry, registry.view(type)),
    })),
    ...happenings(domain),
  };
}

const severalWords = (list: string) =>
  `${list}: a list in place of one, up to ${mostInList}, of the members that differ; all are done or none`;

/** What a domain tells and does by itself, by name. */
const happenings = ({ events, automations, timers }: Capabilities['domains'][number]) => ({
  ...(events ? { events: byName(events, ({ summary }) => summary) } : {}),
  ...(automations ? { automations: byName(automations, ({ summary, on }) => `on ${on}: ${summary}`) } : {}),
  ...(timers ? { timers: byName(timers, ({ summary, schedule }) => `${schedule}: ${summary}`) } : {}),
});

const byName = <T extends { name: string }>(items: readonly T[], say: (item: T) => string) =>
  Object.fromEntries(items.map(item => [item.name, say(item)]));

/** What people alone do has no level an agent could meet. */
const levelSaid = (registry: Registry, id: string, { human_only, level }: ActionCapability) =>
  isOwnWork(registry, id)
    ? { nobody: 'it happens by itself, or by a link of a customer; there is nothing to ask for' }
    : human_only
      ? { people_only: 'a person does this on the web pages; tell the owner' }
      : { level };

/** What a timer or the mail service brings about: no person has a page for it. */
const isOwnWork = (registry: Registry, id: string): boolean => registry.action(id).spec.roles?.length === 0;

/** Members with the words they can be, and one call that works. */
const brief = (registry: Registry, id: string, action: ActionCapability) => ({
  summary: action.summary,
  ...levelSaid(registry, id, action),
  signature: signaturesOf(registry).of({ id, inputSchema: action.input_schema }),
  ...(action.example && !action.human_only ? { example: action.example } : {}),
});

function describeAction(registry: Registry, id: string, action: ActionCapability): Record<string, unknown> {
  return {
    action: id,
    summary: action.summary,
    ...levelSaid(registry, id, action),
    ...(action.conditions.length > 0 ? { conditions: action.conditions } : {}),
    input: readable(action.input_schema),
    ...(action.several ? { several: severalWords(action.several) } : {}),
    ...(action.undo === undefined ? {} : { undo: action.undo }),
    ...(action.example ? { example: action.example } : {}),
  };
}

function describeType(registry: Registry, type: DataTypeCapability): Record<string, unknown> {
  const view = registry.view(type.type);
  return {
    type: type.type,
    summary: type.summary,
    signature: signaturesOf(registry).ofView(view),
    example: exampleRead(registry, view),
    where: readable(type.params).properties ?? {},
    filter: type.filters,
    sort: type.sorts.join(' '),
    include: type.includes,
    fields: type.fields.join(' '),
    searchable: type.searchable,
    ...(type.totals === null ? {} : { totals: type.totals }),
  };
}

function unknown(all: Capabilities, wanted: string): DeskhandError {
  const known = all.domains.flatMap(({ name, actions, data_types }) => [
    name,
    ...actions.map(action => `${name}.${action.name}`),
    ...data_types.map(({ type }) => type),
  ]);
  return new DeskhandError('VALIDATION_ERROR', `There is no ${quoteStart(wanted, 80)}.`, {
    field: 'of',
    got: wanted.slice(0, 80),
    did_you_mean: didYouMean(wanted, known),
    hint: 'Call it without "of" for the index.',
  });
}

// Lengths, patterns and closedness are checked and explained when they are broken; before that they are only tokens.
const unsaid = new Set([
  'minLength',
  'maxLength',
  'pattern',
  'additionalProperties',
  'maxItems',
  'text_kind',
]);

function readable(schema: object): Record<string, unknown> {
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !unsaid.has(name))
        .map(([name, member]) => [name, visit(member)]),
    );
  };
  return slimJsonSchema(
    Object.fromEntries(Object.entries(schema).map(([name, member]) => [name, visit(member)])),
  );
}
