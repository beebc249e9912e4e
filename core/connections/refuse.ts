import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';

/** Writes down that somebody was asked by a program and said no: whoever did not start it themselves has seen an attempt. */
export const refuseConnection = defineAction({
  domain: 'connection',
  name: 'refuse',
  summary: 'Say no to a program that asked to work as an agent.',
  input: z.strictObject({
    client_name: z.string().trim().min(1).max(80),
    redirect_host: z.string().min(1).max(253),
  }),
  output: z.object({ refused: z.literal(true) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'refused',
  object: 'a program that asked to be connected',
  undo: 'none',
  why_not_undone: 'the program asks once more when it is wanted after all',
  example: { client_name: 'Assistant', redirect_host: 'assistant.example' },
  human_only: true,
  roles,
  async run(context, { client_name, redirect_host }) {
    const about = { type: 'organization', id: context.organization.id, verb: 'connection_refused' };
    await logEntry(context, about, { connection: client_name, goes_to: redirect_host });
    return { refused: true as const };
  },
});
