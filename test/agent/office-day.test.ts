import { beforeAll, expect, test } from 'vitest';
import { type Effort, useDesk } from './desk.ts';
import { tellOfficeStory, useOfficeStory } from './office-story.ts';
import { officeTasks } from './office-tasks.ts';

// What an agent reads is a product: a day of the office through a real MCP client, with what each task costs a model.

const office = useOfficeStory();
const desk = useDesk(office);
const efforts: (Effort & { request: string })[] = [];

beforeAll(() => tellOfficeStory(office()));

test.each(officeTasks)('$request', async ({ request, work, check }) => {
  desk().takeEffort();
  await work(desk());
  efforts.push({ request, ...desk().takeEffort() });
  await check(office());
});

test('half of the tasks take one or two calls and at most 900 tokens of answers', () => {
  expect(efforts).toHaveLength(officeTasks.length);
  if (process.env.EFFORT_REPORT) console.log(efforts.map(lineOf).join('\n'));
  expect(median(efforts.map(({ calls }) => calls))).toBeLessThanOrEqual(2);
  expect(median(efforts.map(({ answer_tokens }) => answer_tokens))).toBeLessThanOrEqual(900);
});

const lineOf = ({ calls, answer_tokens, request }: (typeof efforts)[number]) =>
  `${calls} calls ${String(answer_tokens).padStart(5)} tokens  ${request}`;

/** The upper one of the two in the middle. */
function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
