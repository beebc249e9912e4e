import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { presenter, unmark } from '../present.ts';
import { toolSchema } from '../schema.ts';
import type { McpTool } from '../tool.ts';
import { callFacts, outcomeOutput, outcomePresenter } from './outcome.ts';

const input = z.strictObject({
  action: z.string().meta({ description: 'domain.name, e.g. ticket.cancel' }),
  data: z.record(z.string(), z.unknown()).optional(),
  ...callFacts,
});

/** Runs any registered action (MCP-04). */
export function crmAction(app: App, baseUrl: string): McpTool {
  const schema = jsonSchemaOf(input, 'input');
  const { refuse } = presenter(app.registry);
  const answerOutcome = outcomePresenter(app.registry, baseUrl);
  return {
    name: 'crm_action',
    title: 'Run an action',
    description:
      'Run any action from crm_capabilities. preview shows the effect only. May answer pending_authorization.',
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(outcomeOutput, 'output'),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    async call(args, session) {
      try {
        const { data, ...call } = parseInput(input, schema, unmark(joinDomain(args)));
        const outcome = await app.execute(
          { via: 'key', key: session.credential },
          { ...withoutUndefined(call), action: call.action, data: data ?? {}, references: true },
          { request_id: session.request_id },
        );
        return answerOutcome(call.action, outcome);
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

// {domain: "ticket", action: "cancel"}, as the HTTP endpoint takes it, is understood here too.
function joinDomain(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('domain' in args) || !('action' in args)) return args;
  const { domain, action, ...rest } = args;
  if (typeof domain !== 'string' || typeof action !== 'string') return args;
  return { ...rest, action: action.startsWith(`${domain}.`) ? action : `${domain}.${action}` };
}

function withoutUndefined<T extends object>(value: T) {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
