import { DeskhandError, type ErrorCode, type ErrorDetails } from '../../core/kernel/words/errors.ts';

/** What a refused call says: code, message and every detail on one level, as callers read it. */
export type Refusal = ErrorDetails & { code: ErrorCode; message: string };

/** The refusal of a call. A call that goes through, or that fails in another way, fails the test. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    const answer = await call;
    throw new Error(`the call was expected to be refused, and answered ${JSON.stringify(answer)}`);
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    return { code: error.code, message: error.message, ...error.details };
  }
}

/** How some calls at once ended: those that went through and the codes of those that were refused. */
export async function race<T>(calls: readonly Promise<T>[]): Promise<{ won: T[]; refused: ErrorCode[] }> {
  const won: T[] = [];
  const refused: ErrorCode[] = [];
  for (const end of await Promise.allSettled(calls)) {
    if (end.status === 'fulfilled') won.push(end.value);
    else if (end.reason instanceof DeskhandError) refused.push(end.reason.code);
    else throw end.reason;
  }
  return { won, refused };
}
