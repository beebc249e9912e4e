import { meanOf } from './efforts.ts';
import type { Trial } from './evaluate.ts';

/** Prices in dollars for a million tokens. */
export interface Prices {
  input: number;
  output: number;
}

/** What a run of the evaluation says. Means are of the trials that were not cut off by an outage of the model. */
export interface Results {
  requests: number;
  trials: number;
  passed: number;
  failed: number;
  outages: number;
  /** pass^1 … pass^k: how likely all of k tries of a request are right, in the mean of the requests. */
  pass_hat: number[];
  calls: number;
  /** Of all calls, those that only served to find out how something is called. */
  look_up_share: number;
  answer_tokens: number;
  input_tokens: number;
  output_tokens: number;
  /** In dollars, of one request; undefined without prices. */
  cost?: number;
  groups: Record<string, { trials: number; passed: number; calls: number }>;
}

export function resultsOf(trials: readonly Trial[], prices?: Prices): Results {
  const graded = trials.filter(({ verdict }) => verdict !== 'outage');
  const mean = (value: (trial: Trial) => number) => meanOf(graded.map(value));
  const calls = mean(({ calls }) => calls);
  const input_tokens = mean(({ tokens }) => tokens.input);
  const output_tokens = mean(({ tokens }) => tokens.output);
  return {
    requests: new Set(trials.map(({ request }) => request.name)).size,
    trials: trials.length,
    passed: graded.filter(({ verdict }) => verdict === 'passed').length,
    failed: graded.filter(({ verdict }) => verdict === 'failed').length,
    outages: trials.length - graded.length,
    pass_hat: passHat(graded),
    calls,
    look_up_share: mean(({ look_ups }) => look_ups) / calls,
    answer_tokens: mean(({ answer_tokens }) => answer_tokens),
    input_tokens,
    output_tokens,
    ...(prices ? { cost: (input_tokens * prices.input + output_tokens * prices.output) / 1_000_000 } : {}),
    groups: groupsOf(graded),
  };
}

/**
 * pass^k as in τ-bench: of the n tries of a request c were right, so that k of them drawn at random all are with
 * C(c, k) / C(n, k); the mean over the requests. Goes as far as every request was tried.
 */
export function passHat(trials: readonly Pick<Trial, 'request' | 'verdict'>[]): number[] {
  const names = [...new Set(trials.map(({ request }) => request.name))];
  const counts = names.map(name => {
    const own = trials.filter(({ request }) => request.name === name);
    return { tries: own.length, right: own.filter(({ verdict }) => verdict === 'passed').length };
  });
  const most = Math.min(...counts.map(({ tries }) => tries));
  if (!Number.isFinite(most)) return [];
  return Array.from({ length: most }, (_, at) =>
    meanOf(counts.map(({ tries, right }) => choose(right, at + 1) / choose(tries, at + 1))),
  );
}

/** Ways to draw k of n. */
function choose(n: number, k: number): number {
  if (k > n) return 0;
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return ways;
}

function groupsOf(trials: readonly Trial[]): Results['groups'] {
  const names = [...new Set(trials.map(({ request }) => request.group))];
  return Object.fromEntries(
    names.map(name => {
      const own = trials.filter(({ request }) => request.group === name);
      const passed = own.filter(({ verdict }) => verdict === 'passed').length;
      return [name, { trials: own.length, passed, calls: meanOf(own.map(({ calls }) => calls)) }];
    }),
  );
}
