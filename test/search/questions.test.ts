import { describe, expect, test } from 'vitest';
import type { Customer } from './customer.ts';
import { count, makeCustomers } from './customers.ts';
import { known } from './known.ts';
import { cardOf, fits, standsAsTyped } from './meaning.ts';
import { questions } from './questions.ts';

const customers = makeCustomers();
const keysOf = (those: readonly Customer[]) => those.map(({ key }) => key).sort();

describe('the questions search is judged by', () => {
  test('are at least 170, all different, about at most five customers each and about every known one', () => {
    expect(questions.length).toBeGreaterThanOrEqual(170);
    expect(new Set(questions.map(({ asks }) => asks)).size).toBe(questions.length);
    expect(questions.filter(({ expects }) => expects.length > 5)).toEqual([]);
    expect([...new Set(questions.flatMap(({ expects }) => expects))].sort()).toEqual(keysOf(known));
  });

  test('expect exactly the customers of whom everything is true that the question means', () => {
    const wrong = questions.flatMap(({ asks, expects, means }) => {
      const right = keysOf(customers.filter(customer => fits(means, customer)));
      return right.join() === [...expects].sort().join() ? [] : [{ asks, expects, right }];
    });
    expect(wrong).toEqual([]);
  });

  test('leave room among the first five for everybody whose card says just what was typed', () => {
    const cards = customers.map(customer => ({ key: customer.key, card: cardOf(customer) }));
    const typed = questions.map(({ asks, expects }) => ({
      asks,
      expects,
      fitting: cards.flatMap(({ key, card }) => (standsAsTyped(asks, card) ? [key] : [])),
    }));
    const crowded = typed.filter(({ expects, fitting }) => new Set([...expects, ...fitting]).size > 5);
    expect(crowded).toEqual([]);
    expect(typed.filter(({ fitting }) => fitting.length > 0).length).toBeGreaterThan(30);
  });
});

describe('the customers the questions are asked about', () => {
  test('are 5,000, always the same, each with a telephone number of their own', () => {
    expect(customers).toHaveLength(count);
    expect(new Set(customers.map(({ phone }) => phone)).size).toBe(count);
    expect(new Set(customers.map(({ key }) => key)).size).toBe(count);
    expect(makeCustomers().slice(0, 600)).toEqual(customers.slice(0, 600));
  });

  test('leave room for mistakes: many share a name, a street, a fact or a service with who is meant', () => {
    const others = customers.slice(known.length);
    const share = (fitting: (customer: Customer) => boolean) => others.filter(fitting).length;
    expect(share(({ last_name }) => last_name === 'Smith')).toBeGreaterThan(50);
    expect(share(({ last_name }) => last_name === 'Johnson')).toBeGreaterThan(40);
    expect(share(one => fits({ name: 'Jane' }, one))).toBeGreaterThan(0);
    expect(share(one => fits({ name: 'Whitfield' }, one))).toBeGreaterThan(0);
    expect(share(one => fits({ street: 'Bailey Cove' }, one))).toBeGreaterThan(30);
    expect(share(one => fits({ facts: ['pet cat Biscuit'] }, one))).toBeGreaterThan(3);
    const elderly = { facts: ['customer_demographic elderly'] };
    expect(share(one => fits({ ...elderly, town: 'Owens Cross Roads' }, one))).toBeGreaterThan(3);
    expect(share(one => fits({ ...elderly, note: 'woman' }, one))).toBeGreaterThan(100);
    expect(share(one => fits({ services: ['screens'], town: 'Athens' }, one))).toBeGreaterThan(20);
  });
});
