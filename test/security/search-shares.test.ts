import { describe, expect, test } from 'vitest';
import { shareSearches } from '../../core/kernel/pipeline/search-turns.ts';

describe('of searches that do not end', () => {
  const caller = (n: number) => ({ via: 'key', key: `dh_${n}` }) as const;
  /** Searches that last until they are let go, and whose they are. */
  function hanging() {
    let letGo: () => void = () => undefined;
    const end = new Promise<void>(resolve => {
      letGo = () => void resolve();
    });
    const turns = shareSearches();
    const begun: number[] = [];
    const search = (n: number) =>
      turns(caller(n), () => {
        begun.push(n);
        return end;
      });
    return { turns, begun, search, letGo: () => letGo() };
  }

  test('one caller has three at a time, and whoever else searches waits for none of them', async () => {
    const { turns, begun, search, letGo } = hanging();
    const many = Array.from({ length: 10 }, () => search(1));
    expect(await turns(caller(2), async () => 'found')).toBe('found');
    expect(begun).toHaveLength(3);
    letGo();
    await Promise.all(many);
    expect(begun).toHaveLength(10);
  });

  test('many callers together have fewer than there are connections to the database', async () => {
    const { begun, search, letGo } = hanging();
    const many = Array.from({ length: 30 }, (_, n) => search(n));
    await new Promise(resolve => setImmediate(resolve));
    expect(begun).toHaveLength(10);
    letGo();
    await Promise.all(many);
    expect(begun).toHaveLength(30);
  });
});
