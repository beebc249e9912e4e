import type { Identity, Level } from '../pipeline/context.ts';
import { didYouMean } from '../words/did-you-mean.ts';
import { DeskhandError } from '../words/errors.ts';
import type { JsonSchema } from '../words/parse-input.ts';
import { quoteStart } from '../words/quote.ts';
import type { Action, Workflow } from './define.ts';
import { describeHappenings, type HappeningCapabilities } from './happenings.ts';
import type { Registered, RegisteredView, Registry } from './registry.ts';
import { whyNotUndone } from './undoable.ts';

export interface ActionCapability {
  name: string;
  summary: string;
  level: Level;
  /** What raises the level, in words. */
  conditions: { rule: string; level: Level; summary: string }[];
  human_only: boolean;
  effect: string;
  required: string[];
  optional: string[];
  input_schema: JsonSchema;
  /** `none: ` and why, of what cannot be undone. */
  undo?: string;
  /** One valid input; null where nobody gave one. */
  example: Readonly<Record<string, unknown>> | null;
  /** What the list of several is called, for an action that may be done to them in one call: `tickets`. */
  several: string | null;
  keywords: readonly string[];
}

export interface DataTypeCapability {
  type: string;
  summary: string;
  params: JsonSchema;
  filters: Readonly<Record<string, string>>;
  sorts: readonly string[];
  includes: Readonly<Record<string, string>>;
  fields: string[];
  searchable: boolean;
  totals: string | null;
  by_id: boolean;
  paging: { limit_default: number; limit_max: number; cursor: boolean };
  keywords: readonly string[];
}

export interface Capabilities {
  organization: { name: string; time_zone: string; currency: string };
  you: { kind: string; name: string; role?: string; paused: boolean };
  domains: (HappeningCapabilities & {
    name: string;
    summary: string;
    actions: ActionCapability[];
    data_types: DataTypeCapability[];
  })[];
  workflows: {
    name: string;
    summary: string;
    read_only: boolean;
    uses: readonly string[];
    input_schema: JsonSchema;
    example: Readonly<Record<string, unknown>> | null;
  }[];
}

/** How the level of an action reads for one caller; the authorization queue knows, the kernel does not. */
export interface LevelReader {
  level(identity: Identity, action: Registered<Action>): Level;
  conditions(
    identity: Identity,
    action: Registered<Action>,
  ): { rule: string; level: Level; summary: string }[];
}

/** Everything registered, as one caller may use it (REG-01…07). Generated, never written. */
export function describeCapabilities(
  registry: Registry,
  levels: LevelReader,
  identity: Identity,
  domain: string | undefined,
): Capabilities {
  const { organization, actor, paused } = identity;
  const names = registry.domains.map(({ name }) => name);
  if (domain !== undefined && !names.includes(domain)) {
    throw new DeskhandError('VALIDATION_ERROR', `There is no domain ${quoteStart(domain, 60)}.`, {
      field: 'domain',
      got: domain.slice(0, 60),
      did_you_mean: didYouMean(domain, names),
      valid_options: names,
    });
  }
  return {
    organization: {
      name: organization.name,
      time_zone: organization.time_zone,
      currency: organization.currency,
    },
    you: { kind: actor.kind, name: actor.name, ...(actor.role ? { role: actor.role } : {}), paused },
    domains: registry.domains
      .filter(({ name }) => domain === undefined || name === domain)
      .map(({ name, summary }) => ({
        name,
        summary,
        actions: [...registry.actions.values()]
          .filter(action => action.spec.domain === name)
          .map(action => ({ ...describeAction(levels, identity, action), ...saysNoUndo(registry, action) })),
        data_types: [...registry.views.values()]
          .filter(({ spec }) => spec.domain === name && !(actor.kind === 'agent' && spec.human_only))
          .map(describeView),
        ...describeHappenings(registry, name),
      }))
      .filter(({ actions, data_types }) => actions.length + data_types.length > 0),
    workflows: domain === undefined ? [...registry.workflows.values()].map(describeWorkflow) : [],
  };
}

function describeAction(
  levels: LevelReader,
  identity: Identity,
  action: Registered<Action>,
): ActionCapability {
  const { spec, inputSchema } = action;
  const required = Array.isArray(inputSchema.required) ? inputSchema.required.map(String) : [];
  return {
    name: spec.name,
    summary: spec.summary,
    level: levels.level(identity, action),
    conditions: levels.conditions(identity, action),
    human_only: spec.human_only === true,
    effect: spec.effect,
    required,
    optional: Object.keys(inputSchema.properties ?? {}).filter(name => !required.includes(name)),
    input_schema: inputSchema,
    example: spec.example ?? null,
    several: spec.several?.as ?? null,
    keywords: spec.keywords ?? [],
  };
}

function saysNoUndo(registry: Registry, action: Registered<Action>): { undo?: string } {
  const why = whyNotUndone(registry, action);
  return why === undefined ? {} : { undo: `none: ${why}` };
}

function describeView({ spec, paramsSchema }: RegisteredView): DataTypeCapability {
  return {
    type: spec.type,
    summary: spec.summary,
    params: paramsSchema,
    filters: spec.filters ?? {},
    sorts: spec.sorts ?? [],
    includes: spec.includes ?? {},
    fields: Object.keys(spec.row.shape),
    searchable: spec.searchable === true,
    totals: spec.totals ?? null,
    by_id: spec.by_id === true,
    paging: { limit_default: 20, limit_max: 100, cursor: true },
    keywords: spec.keywords ?? [],
  };
}

function describeWorkflow({ spec, inputSchema }: Registered<Workflow>) {
  return {
    name: spec.name,
    summary: spec.summary,
    read_only: spec.read_only === true,
    uses: spec.uses,
    input_schema: inputSchema,
    example: spec.example ?? null,
  };
}
