import { z } from 'zod';

/** One entry of the audit trail (AUD-02, CFL-23). */
export const auditRow = z.object({
  id: z.string(),
  entity_type: z.string(),
  entity_id: z.string(),
  subject_type: z.string(),
  subject_id: z.string(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  user_id: z.string().nullable(),
  reasoning: z.string().nullable(),
  request_id: z.string().nullable(),
  created_at: z.string(),
});
