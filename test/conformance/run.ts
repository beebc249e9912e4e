import { authorizationScenarios, authorize } from './authorization.ts';
import { startFixtureServer } from './fixture-server.ts';
import { nodeVersion, runPackage } from './npx.ts';
import { type Outcome, parseReport } from './report.ts';
import { withServer } from './whole-server.ts';

/**
 * `npm run conformance`: the official suite's required server scenarios of both revisions, against the fixture behind
 * our own HTTP stack; then its scenarios for authorization servers, against a whole installation whose owner presses Allow in a
 * browser. Exits 1 when a required scenario does not pass.
 */

const suite = '@modelcontextprotocol/conformance@0.2.0-alpha.12';

interface Run {
  title: string;
  revision: string;
  sessions: boolean;
  /** How many scenarios the frozen set requires; a report with fewer was not understood. */
  required: number;
  /** Scenarios that cannot pass in this mode. */
  impossible: readonly string[];
}

const runs: readonly Run[] = [
  { title: '2026-07-28', revision: '2026-07-28', sessions: false, required: 37, impossible: [] },
  { title: '2025-11-25', revision: '2025-11-25', sessions: true, required: 30, impossible: [] },
  {
    // As in production. What cannot pass asks the client something in the middle of a call, which no tool of ours does.
    // It must still not pass, so that this list cannot hide a scenario that has become possible.
    title: '2025-11-25 stateless',
    revision: '2025-11-25',
    sessions: false,
    required: 30,
    impossible: [
      'tools-call-sampling',
      'tools-call-elicitation',
      'elicitation-sep1034-defaults',
      'elicitation-sep1330-enums',
      // Compares the streams of one session.
      'server-sse-multiple-streams',
    ],
  },
];

interface RunResult {
  run: Run;
  outcomes: readonly Outcome[];
  ok: boolean;
}

const results: RunResult[] = [];
for (const run of runs) results.push(await conduct(run));
printTable(results);
const summaries = results.map(({ run, outcomes }) => {
  const scored = outcomes.filter(outcome => outcome.required);
  const passed = scored.filter(outcome => outcome.passed).length;
  const rest = run.impossible.length > 0 ? `, ${run.impossible.length} need sessions` : '';
  return `${run.title}: ${passed} of ${scored.length} required${rest}`;
});
const authorized = await conductAuthorization(['2025-11-25', '2026-07-28']);
const ok =
  results.every(result => result.ok) &&
  authorized.every(({ passed }) => passed.size === authorizationScenarios.length);
summaries.push(
  ...authorized.map(
    ({ revision, passed }) => `authorization ${revision}: ${passed.size} of ${authorizationScenarios.length}`,
  ),
);
console.log(
  `Conformance ${ok ? 'passed' : 'FAILED'} (${suite}, Node ${nodeVersion()}): ${summaries.join('; ')}`,
);
process.exitCode = ok ? 0 : 1;

async function conduct(run: Run): Promise<RunResult> {
  const server = await startFixtureServer({ sessions: run.sessions });
  try {
    const args = ['server', '--url', server.url, '--requirements', run.revision];
    const { stdout, stderr } = await runPackage(suite, 'conformance', args);
    const outcomes = parseReport(stdout);
    const scored = outcomes.filter(outcome => outcome.required);
    const failed = scored.filter(outcome => !outcome.passed).map(outcome => outcome.scenario);
    const ok = scored.length === run.required && failed.sort().join() === [...run.impossible].sort().join();
    if (!ok) console.error(stdout, stderr);
    return { run, outcomes, ok };
  } finally {
    server.close();
  }
}

/** The suite's scenarios for authorization servers, in both eras of the protocol. */
async function conductAuthorization(revisions: readonly string[]) {
  const all: { revision: string; passed: ReadonlySet<string> }[] = [];
  await withServer(async server => {
    for (const revision of revisions)
      all.push({ revision, passed: await authorize(suite, server, revision) });
  });
  for (const scenario of authorizationScenarios) {
    const cells = all.map(({ revision, passed }) =>
      `${revision} ${passed.has(scenario) ? 'pass' : 'FAIL'}`.padEnd(24),
    );
    console.log(scenario.padEnd(50) + cells.join(''));
  }
  return all;
}

/** A line per required scenario, and one for all that the suite runs without scoring. */
function printTable(all: readonly RunResult[]): void {
  const cell = (text: string): string => text.padEnd(24);
  const name = (text: string): string => text.padEnd(50);
  const required = all.flatMap(({ outcomes }) => outcomes.filter(outcome => outcome.required));
  console.log(name('required scenario') + all.map(({ run }) => cell(run.title)).join(''));
  for (const scenario of new Set(required.map(outcome => outcome.scenario))) {
    const cells = all.map(({ run, outcomes }) => {
      const outcome = outcomes.find(candidate => candidate.scenario === scenario);
      return cell(outcome === undefined ? '-' : describe(outcome, run));
    });
    console.log(name(scenario) + cells.join(''));
  }
  const unscored = all.map(({ outcomes }) => {
    const extra = outcomes.filter(outcome => !outcome.required);
    return cell(`${extra.filter(outcome => outcome.passed).length} of ${extra.length} pass`);
  });
  console.log(`${name('not scored (extensions such as tasks, pending)')}${unscored.join('')}`);
}

function describe({ passed, scenario }: Outcome, run: Run): string {
  if (passed) return 'pass';
  return run.impossible.includes(scenario) ? 'needs a session' : 'FAIL';
}
