import { z } from 'zod';
import { type PageRequest, readList } from '../site.ts';

const agentRow = z.object({ id: z.string(), name: z.string(), paused_at: z.string().nullable() });

/** The assistants of the business by name, for pages that ask about one of them; what becomes of them stands on /assistants. */
export async function readAgents(pageRequest: PageRequest): Promise<z.infer<typeof agentRow>[]> {
  const fields = Object.keys(agentRow.shape);
  return (await readList(pageRequest, 'agents', agentRow, { fields, sort: 'name', limit: 100 })).rows;
}
