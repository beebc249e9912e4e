/** What is asked of a customer about the time of a visit, which any answer of theirs settles. */
const asks = new Set(['confirmation', 'confirmation_follow_up', 'moved', 'change_offer', 'change_accepted']);

/** Whether any answer settles what a call is for. */
export const isSettledByAnswer = (kind: string): boolean => asks.has(kind);

/** Whether a call asks its customer about the time of their visit, so that what they say is an answer to it. */
export const asksAboutTime = (kind: string): boolean => asks.has(kind) || kind === 'reminder';
