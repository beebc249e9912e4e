import { openClient } from '../../core/connectors/llm/client.ts';
import { type Effort, effortOf } from './agent.ts';
import { doBest } from './best.ts';
import { openBooks } from './books.ts';
import { openCluster } from './cluster.ts';
import { effortTable } from './efforts.ts';
import { type Trial, tryRequest } from './evaluate.ts';
import { grade } from './grade.ts';
import { type Options, readOptions, UsageError } from './options.ts';
import { inWords, writeTraces } from './report.ts';
import { resultsOf } from './results.ts';
import { openWorld, type World } from './world.ts';

// npm run evaluate: see README.md beside this file. Exits 0 when all was right, 1 when something was wrong, 2 when it was
// called wrongly, 3 when the model did not answer.

/** Tries in a row that end with an outage before the rest is not tried any more. */
const patience = 3;

async function main(): Promise<number> {
  let isStopped = false;
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    const { cluster, name, close } = await openCluster(options.database);
    // Its PostgreSQL is a process of its own, which nobody else would end.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        isStopped = true;
        // Connections break now, in the middle of whatever they do.
        process.on('uncaughtException', () => undefined);
        void close().finally(() => process.exit(130));
      });
    }
    try {
      console.error('Opening the business …');
      const world = await openWorld(cluster, name);
      try {
        return options.best ? await playBest(world, options) : await askModel(world, options);
      } finally {
        await world.close();
      }
    } finally {
      await close();
    }
  } catch (error) {
    // Whatever was under way has lost its database; the process ends when that is cleared away.
    if (isStopped) return new Promise(() => undefined);
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}

async function playBest(world: World, { requests, json }: Options): Promise<number> {
  const efforts = new Map<string, Effort>();
  let wrong = 0;
  for (const request of requests) {
    const morning = await world.open();
    try {
      const look = await openBooks(morning, request);
      efforts.set(request.name, effortOf(await doBest(morning, request)));
      const complaints = grade(request, await look(), request.reply);
      wrong += complaints.length > 0 ? 1 : 0;
      for (const complaint of complaints) console.error(`${request.name}: ${complaint}`);
    } finally {
      await morning.close();
    }
  }
  console.log(json ? JSON.stringify(Object.fromEntries(efforts), undefined, 2) : effortTable(efforts));
  return wrong > 0 ? 1 : 0;
}

async function askModel(world: World, options: Options): Promise<number> {
  const { requests, trials: tries, most_calls, model, json, out, prices } = options;
  if (!model) throw new UsageError('No model is set.');
  const openai = (await openClient(model)).withOptions({ maxRetries: 3 });
  const trials: Trial[] = [];
  for (let trial = 1; trial <= tries; trial++) {
    for (const request of requests) {
      const done = await tryRequest(world, { openai, name: model.model }, request, { trial, most_calls });
      trials.push(done);
      console.error(`${done.verdict.padEnd(7)} ${String(done.calls).padStart(3)} calls  ${request.name}`);
      if (hasGivenUp(trials)) return tell(trials, model.model, { json, out, prices });
    }
  }
  return tell(trials, model.model, { json, out, prices });
}

const hasGivenUp = (trials: readonly Trial[]) =>
  trials.length >= patience && trials.slice(-patience).every(({ verdict }) => verdict === 'outage');

async function tell(
  trials: readonly Trial[],
  model: string,
  { json, out, prices }: Pick<Options, 'json' | 'out'> & { prices: Options['prices'] },
): Promise<number> {
  const results = resultsOf(trials, prices);
  const traces = await writeTraces(out, trials);
  const tried = trials.map(
    ({ request, trial, verdict, complaints, calls, look_ups, answer_tokens, tokens }) => ({
      request: request.name,
      ...{ trial, verdict, complaints, calls, look_ups, answer_tokens, tokens },
    }),
  );
  console.log(
    json ? JSON.stringify({ model, ...results, tried, traces }, undefined, 2) : inWords(results, model),
  );
  const trouble = trials.find(({ verdict }) => verdict === 'outage');
  if (trouble) console.error(trouble.complaints.join('\n'));
  if (traces.length > 0) console.error(`What went wrong: ${traces.length} files in ${out}`);
  if (results.failed > 0) return 1;
  return results.outages > 0 ? 3 : 0;
}

// At the end, when everything above is there.
process.exitCode = await main();
