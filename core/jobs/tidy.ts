import type { Database } from '../kernel/database/db.ts';
import { extendHistory, sweep, sweepInTurn, sweepWords } from './queries.ts';

/** Businesses in one transaction: some hundredths of a second. */
const businessesAtOnce = 100;
/** Words looked at in one transaction, while nobody of their business writes. */
const wordsAtOnce = 100;
/** So long an hour words are looked at, in milliseconds; the next hour goes on behind the last one. */
const wordsFor_ms = 5_000;

/**
 * What a worker does every hour: makes the history's months to come, and throws away what has served its purpose, in many
 * short transactions. What it does not get to it does in the next hour.
 */
export async function tidyUp(db: Database, isStopping: () => boolean): Promise<void> {
  await extendHistory(db);
  await sweep(db);
  while (!isStopping() && (await sweepInTurn(db, businessesAtOnce)) === businessesAtOnce);
  const until = performance.now() + wordsFor_ms;
  while (!isStopping() && performance.now() < until && (await sweepWords(db, wordsAtOnce)) > 0);
}
