import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Workflow } from '../../core/kernel/registry/define.ts';
import type { Registered, Registry } from '../../core/kernel/registry/registry.ts';
import { jsonSchemaOf, parseInput, saysAmounts } from '../../core/kernel/words/parse-input.ts';
import { waitingCard } from '../cards.ts';
import { answer, presenter, unmark } from '../present.ts';
import { toolSchema } from '../schema.ts';
import { callerOf, type McpSession, type McpTool } from '../tool.ts';
import { callFacts, outcomeOutput, outcomePresenter } from './outcome.ts';
import { withRightCall } from './try-again.ts';

/** The MCP tool of a registered workflow. Reading ones answer their output as it is; writing ones an outcome. */
export function workflowTool(app: App, { spec, id }: Registered<Workflow>, baseUrl: string): McpTool {
  const writes = spec.read_only !== true;
  const isPreviewed = writes && spec.notes_only_itself !== true;
  const input = isPreviewed
    ? z.strictObject({ ...spec.input.shape, ...factsFor(app.registry, spec) })
    : spec.input;
  const schema = jsonSchemaOf(input, 'input');
  const { aliases } = app.registry;
  const { compactEach, refuse } = presenter(app.registry);
  const answerOutcome = outcomePresenter(app.registry, baseUrl);
  // Amounts in units of the currency mean nothing before it is known which one.
  const currencyOf = async (given: unknown, session: McpSession) =>
    saysAmounts(schema, given, aliases)
      ? (await app.whoIs(callerOf(session), { request_id: session.request_id })).organization.currency
      : undefined;
  return {
    name: id,
    title: spec.title,
    description: spec.summary,
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(writes ? outcomeOutput : spec.output, 'output'),
    annotations: {
      readOnlyHint: !isPreviewed,
      destructiveHint: spec.uses.some(action => app.registry.action(action).spec.effect === 'delete'),
      idempotentHint: !isPreviewed,
      openWorldHint: spec.uses.some(action => (app.registry.action(action).spec.touches ?? []).length > 0),
    },
    ...cardOf(spec, isPreviewed),
    async call(args, session) {
      try {
        const given = unmark(args);
        const { reasoning, idempotency_key, preview, ...data } = readCall(
          parseInput(input, schema, given, { aliases, currency: await currencyOf(given, session) }),
        );
        const outcome = await app.execute(
          callerOf(session),
          {
            action: id,
            data,
            references: 'named',
            ...(reasoning === undefined ? {} : { reasoning }),
            ...(idempotency_key === undefined ? {} : { idempotency_key }),
            ...(preview === undefined ? {} : { preview }),
          },
          { request_id: session.request_id },
        );
        return writes ? answerOutcome(id, outcome) : answer(compactEach(outcome.data, outcome.time_zone, id));
      } catch (error) {
        const corrected = withRightCall(app.registry, error, { name: id, input: callOf(args) });
        return refuse(corrected, isPreviewed ? 'call' : 'read');
      }
    },
  };
}

/** Its own card; that of what waits where it may wait for the owner. */
function cardOf({ card }: Workflow, mayWait: boolean) {
  const shown = card ?? (mayWait ? waitingCard : undefined);
  return shown === undefined ? {} : { card: shown };
}

/** Reasoning is asked for only where one of the actions inside may want it. */
function factsFor(registry: Registry, spec: Workflow) {
  const { reasoning, ...others } = callFacts;
  const wants = spec.uses.some(action => {
    const { level, rules } = registry.action(action).spec.permission;
    return level !== 'unrestricted' || (rules ?? []).length > 0;
  });
  return wants ? { ...others, reasoning } : others;
}

const facts = z.looseObject({
  reasoning: z.string().optional(),
  idempotency_key: z.string().optional(),
  preview: z.boolean().optional(),
});

/** What was given without what stands beside every call. */
const callOf = (args: unknown) => {
  const {
    reasoning: _reasoning,
    idempotency_key: _key,
    preview: _preview,
    ...input
  } = facts.safeParse(unmark(args)).data ?? {};
  return input;
};

const readCall = (value: unknown) => facts.parse(value);
