/** What a connection may be allowed, the most first. `office` leaves nothing out of what its agent may do. */
export const scopes = ['office', 'calendar', 'read'] as const;
export type Scope = (typeof scopes)[number];

/** What each means, as people are asked. */
export const scopeWords: Readonly<Record<Scope, { label: string; hint: string }>> = {
  office: {
    label: 'All the work of the office',
    hint: 'Read everything and do what the assistant may do. What needs your yes still waits for you.',
  },
  calendar: {
    label: 'The calendar',
    hint: 'Read everything; book, move and cancel visits, as far as the assistant may.',
  },
  read: { label: 'Only look', hint: 'Read everything, change nothing, send nothing.' },
};

/** The widest of what was asked for; all of it when nothing of it is ours. */
export const widestOf = (asked: readonly string[]): Scope =>
  scopes.find(scope => asked.includes(scope)) ?? 'office';

/** Those that give away no more than one does. */
export const within = (widest: Scope): readonly Scope[] => scopes.slice(scopes.indexOf(widest));
