import type { Effort } from './agent.ts';
import { officeRequests } from './requests/index.ts';

/** Of a list; NaN of none. */
export const meanOf = (numbers: readonly number[]): number =>
  numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

/** A line for each request with what it costs, the dearest first in its group, and the means below. */
export function effortTable(efforts: ReadonlyMap<string, Effort>): string {
  const rows = officeRequests.flatMap(({ name, group, words }) => {
    const effort = efforts.get(name);
    return effort ? [{ ...effort, group, words }] : [];
  });
  const line = (calls: string, look_ups: string, tokens: string, words: string) =>
    `${calls.padStart(5)} ${look_ups.padStart(8)} ${tokens.padStart(13)}  ${words}`;
  const lines = rows.flatMap(({ calls, look_ups, answer_tokens, group, words }, at) => [
    ...(rows[at - 1]?.group === group ? [] : [`\n${group}`]),
    line(String(calls), String(look_ups), String(answer_tokens), words),
  ]);
  const means = line(
    meanOf(rows.map(({ calls }) => calls)).toFixed(2),
    meanOf(rows.map(({ look_ups }) => look_ups)).toFixed(2),
    meanOf(rows.map(({ answer_tokens }) => answer_tokens)).toFixed(0),
    `a request, in the mean of ${rows.length}`,
  );
  return [line('calls', 'look-ups', 'answer tokens', 'request'), ...lines, '', means].join('\n');
}
