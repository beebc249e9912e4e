import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { RegisteredView, Registry } from '../../core/kernel/registry/registry.ts';
import { signaturesOf } from '../../core/kernel/registry/signature.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { listsCard } from '../cards.ts';
import { presenter, unmark } from '../present.ts';
import { toolSchema } from '../schema.ts';
import { callerOf, type McpTool } from '../tool.ts';
import { gather, nameIn, withoutUndefined } from './gather.ts';
import { withRightRead } from './try-again.ts';

/** The members a read takes; `often` are the signatures of the lists an office reads most. */
const inputOf = (often: readonly string[]) =>
  z.strictObject({
    type: z.string().meta({
      description: `Read most, with what where takes (? = optional), then filter and include:\n${often.join('\n')}`,
    }),
    id: z.string().optional(),
    search: z.string().optional(),
    where: z.record(z.string(), z.unknown()).optional(),
    filter: z.string().optional(),
    sort: z.string().optional(),
    limit: z.int().min(1).max(100).optional(),
    cursor: z.string().optional(),
    include: z.array(z.string()).optional(),
    fields: z.array(z.string()).optional(),
    totals: z.boolean().optional().meta({ description: 'count and sums of all, by status, day, technician' }),
  });

const output = z.object({
  rows: z.array(z.looseObject({})),
  next_cursor: z.string().optional(),
  totals: z.looseObject({}).optional(),
  /** Whom and what filters named by words. */
  meant: z.looseObject({}).optional(),
  warnings: z.array(z.string()).optional(),
});

/** Reads any data type (MCP-03). */
export function crmQuery(app: App): McpTool {
  const { registry } = app;
  const input = inputOf(signaturesOf(registry).often_read);
  const schema = jsonSchemaOf(input, 'input');
  const { compact, answerRows, refuse } = presenter(registry);
  return {
    name: 'crm_query',
    title: 'Read records',
    description:
      'Read any data type: by id or reference, by search words, or by where filters. Bounded; next_cursor goes on.',
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(output, 'output'),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    card: listsCard,
    async call(args, session) {
      try {
        const given = splitLists(unmark(args));
        const called = findView(registry, nameIn(given, 'type'))?.paramsSchema;
        const gathered = gather(given, 'where', { tool: schema, called, aliases: registry.aliases });
        const { type, where = {}, ...query } = parseInput(input, schema, gathered);
        const wanted = type.replaceAll('-', '_');
        try {
          const result = await app.read(
            callerOf(session),
            wanted,
            { params: where, references: 'named', relations_as_fields: true, ...withoutUndefined(query) },
            { request_id: session.request_id },
          );
          const { rows, next_cursor, totals, meant, warnings, time_zone: timeZone } = result;
          return answerRows(
            rows,
            { timeZone, of: wanted },
            {
              ...(next_cursor === undefined ? {} : { next_cursor }),
              ...(totals ? { totals: compact(totals, timeZone, wanted) } : {}),
              ...(meant ? { meant: compact(meant, timeZone, wanted) } : {}),
              ...(warnings.length > 0 ? { warnings } : {}),
            },
          );
        } catch (error) {
          throw withRightRead(registry, error, { name: wanted, input: where, search: query.search });
        }
      } catch (error) {
        return refuse(error, 'read');
      }
    },
  };
}

/** The list of a name, also of one record of it. */
const findView = ({ views, records }: Registry, type: string): RegisteredView | undefined =>
  views.get(type.replaceAll('-', '_')) ?? views.get(records.get(type)?.plural ?? '');

// "line_items,audit_trail", as the HTTP endpoint takes it, is understood here too.
function splitLists(args: unknown): unknown {
  if (typeof args !== 'object' || args === null || !('include' in args || 'fields' in args)) return args;
  const entries = Object.entries(args).map(([name, value]) =>
    (name === 'include' || name === 'fields') && typeof value === 'string'
      ? [name, value.split(',').map(part => part.trim())]
      : [name, value],
  );
  return Object.fromEntries(entries);
}
