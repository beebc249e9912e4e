/** What an error says, or what was thrown instead of one. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
