import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { signaturesOf } from '../../core/kernel/registry/signature.ts';
import { type JsonSchema, jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { waitingCard } from '../cards.ts';
import { presenter, unmark } from '../present.ts';
import { toolSchema } from '../schema.ts';
import { callerOf, type McpTool } from '../tool.ts';
import { gather, nameIn, withoutUndefined } from './gather.ts';
import { callFacts, outcomeOutput, outcomePresenter } from './outcome.ts';
import { withRightCall } from './try-again.ts';

/** The members a call takes; `often` are the signatures of what an office uses most. */
const inputOf = (often: readonly string[]) =>
  z.strictObject({
    action: z.string().meta({
      description: `domain.name. What is pointed to goes by reference or words, no need to look it up: contact "Mrs Hart", ticket or invoice "Nell Garvey Friday"; several fitting ones are offered. Most used, with their data (? = optional; ~ = with reasoning; ! = waits for the owner; "or xs: []" = many in one call, all or nothing: {technician, tickets: [T-1, {ticket, ...}]}):\n${often.join('\n')}`,
    }),
    data: z.record(z.string(), z.unknown()).optional(),
    ...callFacts,
  });

/** Runs any registered action (MCP-04). */
export function crmAction(app: App, baseUrl: string): McpTool {
  const { registry } = app;
  const input = inputOf(signaturesOf(registry).often_called);
  const schema = jsonSchemaOf(input, 'input');
  const { refuse } = presenter(registry);
  const answerOutcome = outcomePresenter(registry, baseUrl);
  return {
    name: 'crm_action',
    title: 'Run an action',
    description:
      'Run any action from crm_capabilities. preview shows the effect only. Team, keys and levels are for people. action undo takes back, of: the undo of an answer, or a record.',
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(outcomeOutput, 'output'),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    card: waitingCard,
    tells_progress: true,
    async call(args, session) {
      try {
        const given = joinDomain(unmark(args));
        const called = takenBy(registry, nameIn(given, 'action'));
        const gathered = gather(given, 'data', { tool: schema, called, aliases: registry.aliases });
        const { data = {}, action, ...facts } = parseInput(input, schema, gathered);
        try {
          const outcome = await app.execute(
            callerOf(session),
            { action, data, references: 'named', ...withoutUndefined(facts) },
            {
              request_id: session.request_id,
              ...(session.progress ? { progress: session.progress } : {}),
            },
          );
          return answerOutcome(action, outcome);
        } catch (error) {
          throw withRightCall(registry, error, { name: action, input: data });
        }
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

/** What an action takes: its members, and the list of several. */
function takenBy({ called, lists }: Registry, name: string): JsonSchema | undefined {
  const [one, several] = [called(name)?.inputSchema, lists.get(name)?.call.inputSchema];
  return one && several ? { ...one, properties: { ...one.properties, ...several.properties } } : one;
}

// {domain: "ticket", action: "cancel"}, as the HTTP endpoint takes it, is understood here too.
function joinDomain(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('domain' in args) || !('action' in args)) return args;
  const { domain, action, ...rest } = args;
  if (typeof domain !== 'string' || typeof action !== 'string') return args;
  return { ...rest, action: action.startsWith(`${domain}.`) ? action : `${domain}.${action}` };
}
