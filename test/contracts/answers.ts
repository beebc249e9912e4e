import { describeError } from '../../core/kernel/words/errors.ts';

/** What a caller gets: the data, or the refusal. */
export interface Answer {
  code: string;
  text: string;
}

/**
 * Makes a call and answers what its caller learns, with the values it was asked about, and everything that differs from
 * call to call (ids, keys, times), taken out: two answers with equal text tell the same.
 */
export async function answerOf(call: () => Promise<unknown>, asked: readonly string[]): Promise<Answer> {
  try {
    return { code: 'done', text: normalize(JSON.stringify(await call()), asked) };
  } catch (error) {
    const refusal = describeError(error);
    return { code: refusal.code, text: normalize(JSON.stringify(refusal), asked) };
  }
}

function normalize(text: string, asked: readonly string[]): string {
  return asked
    .reduce((rest, value) => rest.replaceAll(new RegExp(literally(value), 'gi'), '<asked>'), text)
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, '<time>')
    .replace(/dh_[\w-]+/g, '<key>');
}

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
