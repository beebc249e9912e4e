import type { Action } from './define.ts';
import type { Registry } from './registry.ts';

/** How an action is said: as something to do, as something that was done, and to what. */
export interface Deed {
  /** `update` */
  verb: string;
  /** `updated` */
  past: string;
  /** `line of ticket`; '' when the verb says it all. */
  object: string;
}

/**
 * The words of an action by its id, as its registration says them: `ticket.update_line` is `update`, `updated`, `line of
 * ticket`. The audit trail also names what no longer is an action or never was one: that is said by its name alone.
 */
export function deedOf({ actions }: Pick<Registry, 'actions'>, id: string): Deed {
  const [domain = '', name = ''] = id.split('.');
  const [first = '', ...rest] = name.split('_');
  const said: Partial<Action> = actions.get(id)?.spec ?? {};
  const verb = said.verb ?? first;
  return {
    verb,
    past: said.past ?? pastOf(verb),
    object: said.object ?? words([...rest, ...(rest.length > 0 ? ['of'] : []), domain].join(' ')),
  };
}

/**
 * What was done, as a phrase: `updated line of ticket`. With the reference of what was made by it: `created contact C-1042`,
 * `created invoice INV-2026-014 from a visit`, and by a verb that says by itself what it makes: `booked T-2001`.
 */
export function doneWords(registry: Pick<Registry, 'actions'>, id: string, made?: string): string {
  const { past, object } = deedOf(registry, id);
  const domain = words(id.split('.')[0] ?? '');
  if (made === undefined) return [past, object].filter(Boolean).join(' ');
  const saysWhat = registry.actions.get(id)?.spec.past !== undefined && object === domain;
  return saysWhat ? `${past} ${made}` : `${past} ${object.replace(domain, `${domain} ${made}`)}`;
}

/** What something is when an action was done to it: `deleted`, `undone`. */
export const participleOf = (registry: Pick<Registry, 'actions'>, id: string): string =>
  registry.actions.get(id)?.spec.participle ?? deedOf(registry, id).past;

/** An action as something to do: `update line of ticket`; the name of a workflow as it is. */
export function wishOf(registry: Pick<Registry, 'actions'>, id: string): string {
  if (!id.includes('.')) return words(id);
  const { verb, object } = deedOf(registry, id);
  return [verb, object].filter(Boolean).join(' ');
}

/** The past of a regular verb; registrations say those of the others. */
export function pastOf(verb: string): string {
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return verb.endsWith('el') ? `${verb}led` : `${verb}ed`;
}

const words = (name: string): string => name.replaceAll('_', ' ');
