import { z } from 'zod';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { memberNamed } from '../../core/kernel/words/parse-input.ts';
import { unquote } from '../../core/kernel/words/quote.ts';
import type { FindQuestion, Question } from '../choose.ts';
import { unmark } from '../present.ts';

const candidate = z.looseObject({
  reference: z.string(),
  label: z.string().optional(),
  known_by: z.string().optional(),
  why: z.string().optional(),
});
const ambiguous = z.object({
  error: z.looseObject({
    code: z.literal('AMBIGUOUS'),
    message: z.string(),
    field: z.string().regex(/^\w+$/),
    got: z.string().optional(),
    candidates: z.array(candidate).min(2).max(20),
  }),
});
const offered = z.object({
  status: z.literal('done'),
  data: z.looseObject({
    slots: z.array(z.object({ starts_at: z.string(), free: z.array(z.string()).optional() })).min(1),
  }),
});

/**
 * What a person could choose so that a call goes on: which of several is meant by words, or one of the free times. Where the member
 * that is meant is not found for certain, there is nothing to choose, and the answer stands.
 */
export function questionFinder({ aliases }: Pick<Registry, 'aliases'>): FindQuestion {
  const isCalled = (field: string, member: string) =>
    memberNamed({ properties: { [field]: {} } }, member, aliases) !== undefined;
  return (tool, args, { structured }) => {
    const error = ambiguous.safeParse(structured).data?.error;
    if (error) {
      const at = placeOf(args, error, isCalled, tool.name === 'crm_query' ? 'where' : 'data');
      return at && questionOf(error, at);
    }
    const slots = tool.card === 'slots' && !isPreview(args) && offered.safeParse(structured).data?.data.slots;
    return slots ? { ...whichTime, options: slots.map(optionOf) } : undefined;
  };
}

const isPreview = (args: unknown) =>
  z.object({ preview: z.union([z.literal(true), z.literal('true')]) }).safeParse(args).success;

type Members = Record<string, unknown>;
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a choice goes: to the member that said these words, or to the one that was left out. */
function placeOf(
  args: unknown,
  { field, got }: { field: string; got?: string | undefined },
  isCalled: (field: string, member: string) => boolean,
  inside: string,
): readonly string[] | undefined {
  if (!isMembers(args)) return undefined;
  const inner = args[inside];
  const places = [
    ...Object.keys(args).map(member => [member]),
    ...(isMembers(inner) ? Object.keys(inner).map(member => [inside, member]) : []),
  ].filter(place => isCalled(field, place.at(-1) ?? ''));
  const [only, ...others] = places;
  if (others.length > 0) return undefined;
  if (only === undefined)
    return got === undefined ? [...(isMembers(inner) ? [inside] : []), field] : undefined;
  const holder = only.length > 1 && isMembers(inner) ? inner : args;
  const words = holder[only.at(-1) ?? ''];
  const isMeant = typeof words === 'string' && unmark(words) === unquote(got ?? '');
  return isMeant ? only : undefined;
}

function questionOf(
  { message, field, candidates }: z.output<typeof ambiguous>['error'],
  at: readonly string[],
): Question {
  return {
    message: `${plain(message)} Which one is meant?`,
    title: titleOf(field),
    at,
    options: candidates.map(({ reference, label, known_by, why }) => ({
      value: reference,
      title: [reference, label, known_by, why]
        .filter(part => part !== undefined)
        .map(plain)
        .join(', '),
    })),
    is_kept: false,
  };
}

/** `Contact` of `contact_id`. */
function titleOf(field: string): string {
  const words = field.replace(/_id$/, '').replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

/** A person reads it, who sees whom it names. */
const plain = (text: string) => text.replace(/[«»]/g, '');

const whichTime = {
  message: 'Which of the free times is wanted? The visit is then put there.',
  title: 'Time',
  at: ['scheduled_at'],
  is_kept: true,
} as const;

function optionOf({ starts_at, free = [] }: { starts_at: string; free?: string[] | undefined }) {
  const [, day, clock, offset] =
    /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d) ([+-]\d\d:\d\d)$/.exec(starts_at) ?? [];
  if (day === undefined) return { value: starts_at, title: starts_at };
  const words = asSaid.format(new Date(`${day}T${clock}:00Z`)).replace(/\u202f/g, ' ');
  return {
    value: `${day}T${clock}:00${offset}`,
    title: [words, free.join(' or ')].filter(Boolean).join(', '),
  };
}

/** `Mon, Dec 7, 8:00 AM`: the clock is that of the business already. */
const asSaid = new Intl.DateTimeFormat('en-US', {
  ...({ weekday: 'short', month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const),
  timeZone: 'UTC',
});
