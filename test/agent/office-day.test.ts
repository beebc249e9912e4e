import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Effort, effortOf } from '../evaluate/agent.ts';
import { doBest } from '../evaluate/best.ts';
import { openBooks } from '../evaluate/books.ts';
import { effortTable, meanOf } from '../evaluate/efforts.ts';
import { grade } from '../evaluate/grade.ts';
import { officeRequests } from '../evaluate/requests/index.ts';
import { groups } from '../evaluate/requests/request.ts';
import { openWorld, type World } from '../evaluate/world.ts';
import { testCluster } from './world.ts';

// What an agent reads is a product: everything an owner asks, the shortest way through a real MCP client, each on the same
// Wednesday morning of a business of 1,200 customers, with what it costs a model. `npm run evaluate` asks models the same.

let world: World;
beforeAll(async () => {
  world = await openWorld(testCluster(), 'office_day');
});
afterAll(() => world?.close());

const efforts = new Map<string, Effort>();

describe.each(Object.entries(groups))('%s', group => {
  test.each(officeRequests.filter(request => request.group === group))('$words', async request => {
    const morning = await world.open();
    try {
      const look = await openBooks(morning, request);
      const made = await doBest(morning, request);
      efforts.set(request.name, effortOf(made));
      const found = await look();
      expect(grade(request, found, request.reply)).toEqual([]);
      // What is said was told: only then it can be known by whoever has nothing but our tools.
      if (group === 'looking-up') {
        const answers = made.map(({ answer }) => answer).join('\n');
        for (const said of request.told ?? request.says ?? []) expect(answers).toMatch(said);
      }
    } finally {
      await morning.close();
    }
  });
});

test('a request takes 1.3 calls in the mean, of which one in ten at most looks up how something is called', () => {
  if (process.env.EFFORT_REPORT) console.log(effortTable(efforts));
  expect(efforts.size).toBe(officeRequests.length);
  expect(officeRequests.length).toBeGreaterThanOrEqual(60);
  const all = [...efforts.values()];
  const calls = meanOf(all.map(({ calls }) => calls));
  expect(calls).toBeLessThanOrEqual(1.3);
  expect(meanOf(all.map(({ look_ups }) => look_ups)) / calls).toBeLessThanOrEqual(0.1);
  expect(meanOf(all.map(({ answer_tokens }) => answer_tokens))).toBeLessThanOrEqual(900);
});
