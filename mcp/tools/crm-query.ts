import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { jsonSchemaOf, parseInput } from '../../core/kernel/words/parse-input.ts';
import { answer, presenter, unmark } from '../present.ts';
import { toolSchema } from '../schema.ts';
import type { McpTool } from '../tool.ts';

const input = z.strictObject({
  type: z.string(),
  id: z.string().optional(),
  search: z.string().optional(),
  where: z.record(z.string(), z.unknown()).optional(),
  filter: z.string().optional(),
  sort: z.string().optional(),
  limit: z.int().min(1).max(100).optional(),
  cursor: z.string().optional(),
  include: z.array(z.string()).optional(),
  fields: z.array(z.string()).optional(),
});

const output = z.object({
  rows: z.array(z.looseObject({})),
  next_cursor: z.string().optional(),
  warnings: z.array(z.string()).optional(),
});

/** Reads any data type (MCP-03). */
export function crmQuery(app: App): McpTool {
  const schema = jsonSchemaOf(input, 'input');
  const { compact, refuse } = presenter(app.registry);
  return {
    name: 'crm_query',
    title: 'Read records',
    description:
      'Read any data type: by id or reference, by search words, or by where filters. Bounded; next_cursor goes on.',
    inputSchema: toolSchema(input, 'input'),
    outputSchema: toolSchema(output, 'output'),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async call(args, session) {
      try {
        const { type, where, ...query } = parseInput(input, schema, unmark(splitLists(args)));
        const wanted = type.replaceAll('-', '_');
        const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
        const result = await app.read(
          { via: 'key', key: session.credential },
          wanted,
          { ...given, params: where ?? {}, references: true },
          { request_id: session.request_id },
        );
        const rows = result.rows.map(row => compact(row, result.time_zone, wanted));
        return answer({
          rows,
          ...(result.next_cursor === undefined ? {} : { next_cursor: result.next_cursor }),
          ...(result.warnings.length > 0 ? { warnings: result.warnings } : {}),
        });
      } catch (error) {
        return refuse(error);
      }
    },
  };
}

// "line_items,audit_trail", as the HTTP endpoint takes it, is understood here too.
function splitLists(args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return args;
  const entries = Object.entries(args).map(([name, value]) =>
    (name === 'include' || name === 'fields') && typeof value === 'string'
      ? [name, value.split(',').map(part => part.trim())]
      : [name, value],
  );
  return Object.fromEntries(entries);
}
