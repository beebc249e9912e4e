import { DeskhandError, sqlState } from '../../core/kernel/words/errors.ts';
import { messageOf } from '../../core/kernel/words/message-of.ts';

/**
 * What somebody at the command line reads when a command ends badly: a refusal with what to do, or the sentence of
 * whoever threw it. What a database or its driver says may hold SQL or data; LOG_LEVEL=debug shows it.
 */
export function sentenceOf(error: unknown): string {
  if (error instanceof DeskhandError) {
    const { hint } = error.details;
    return hint === undefined ? error.message : `${error.message} ${hint}`;
  }
  if (isFromDatabase(error)) {
    return 'The database did not take this. Run it again with LOG_LEVEL=debug to see what it said.';
  }
  if (isLost(error)) return 'The database cannot be reached right now. Try again in a moment.';
  return messageOf(error);
}

/** Five characters, as PostgreSQL numbers its errors; those of the system, such as EPIPE, begin with an E. */
const isFromDatabase = (error: unknown): boolean =>
  /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(sqlState(error) ?? '') && !isLost(error);

const isLost = (error: unknown): boolean =>
  /^(08|53|57P)/.test(sqlState(error) ?? '') ||
  (error instanceof Error &&
    /^connection terminated|^timeout exceeded when trying|^Client has encountered a connection error/i.test(
      error.message,
    ));
