/** How one scenario of the official suite ended. */
export interface Outcome {
  scenario: string;
  passed: boolean;
  required: boolean;
}

/** Reads the summary that `conformance server --requirements` prints; empty when there is none. */
export function parseReport(stdout: string): Outcome[] {
  const summary = stdout.slice(Math.max(0, stdout.lastIndexOf('=== SUMMARY ===')));
  const unscored = new Set(
    [...summary.matchAll(/^ +[✓✗] (\S+) \([\w-]+\)$/gm)].map(([, scenario]) => scenario),
  );
  const outcomes: Outcome[] = [];
  for (const [, mark, scenario = '', passes] of summary.matchAll(
    /^([✓✗]) (\S+): (\d+) passed, \d+ failed/gm,
  )) {
    const required = !unscored.has(scenario);
    // A required scenario that checked nothing has shown nothing.
    outcomes.push({ scenario, required, passed: mark === '✓' && (!required || Number(passes) > 0) });
  }
  return outcomes;
}
