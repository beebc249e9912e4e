/**
 * The form of a request, as far as endpoints differ in what they take: OpenAI's newer models refuse `max_tokens`, older
 * servers know nothing else; LM Studio refuses `json_object`, others `json_schema` or a schema of some shape.
 */
export interface Form {
  format: 'json_schema' | 'json_object' | 'plain';
  limit: 'max_tokens' | 'max_completion_tokens';
}

/** What most endpoints take, and the most of it. */
export const bestForm: Form = { format: 'json_schema', limit: 'max_tokens' };

/**
 * A plainer form, after what an endpoint had against this one; undefined when there is none left. `hasFormat`: whether
 * the request asked for a format at all.
 */
export function plainer(form: Form, complaint: string, hasFormat: boolean): Form | undefined {
  if (form.limit === 'max_tokens' && complaint.includes('max_completion_tokens')) {
    return { ...form, limit: 'max_completion_tokens' };
  }
  const next = { json_schema: 'json_object', json_object: 'plain', plain: undefined } as const;
  const format = hasFormat ? next[form.format] : undefined;
  return format === undefined ? undefined : { ...form, format };
}
