import type { AnyCall, Registry } from './registry.ts';

/** A call as an adapter hands it over. */
export interface ReverseCall {
  action: string;
  data: Record<string, unknown>;
}

type Known = Pick<Registry, 'actions' | 'references' | 'records'>;

/**
 * The call that takes back what was just done, as the registration of the action says: `contact.restore` for `contact.delete`.
 * It goes by the levels and rules of that other action like any call. Undefined when nothing takes it back, when people
 * alone do, or when the answer does not say what it would be about.
 */
export function reverseOf(
  { actions, references, records }: Known,
  { spec }: AnyCall,
  answer: Readonly<Record<string, unknown>>,
): ReverseCall | undefined {
  const reverse = spec.kind === 'action' && spec.undo ? actions.get(spec.undo) : undefined;
  if (!reverse || reverse.spec.human_only) return undefined;
  const required = Array.isArray(reverse.inputSchema.required)
    ? reverse.inputSchema.required.map(String)
    : [];
  const [member, ...others] = required;
  const pointer = reverse.refs.find(({ path }) => path.length === 1 && path[0] === member);
  if (member === undefined || others.length > 0 || !pointer) return undefined;
  const own = typeof answer.reference === 'string' ? answer.reference : '';
  const isOwn = references.typeOf(own) === records.get(pointer.record)?.plural;
  const about: unknown = isOwn && own !== '' ? own : answer[member];
  return typeof about === 'string' ? { action: reverse.id, data: { [member]: about } } : undefined;
}
