import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Trial } from './evaluate.ts';
import type { Results } from './results.ts';

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** The results as a person reads them. */
export function inWords(results: Results, model: string): string {
  const { requests, trials, passed, failed, outages, pass_hat, calls, cost } = results;
  const lines = [
    `${model}: ${passed} of ${passed + failed} right (${requests} requests, ${trials} tries)`,
    ...pass_hat.map((value, at) => `  pass^${at + 1}  ${percent(value)}`),
    `  calls a request        ${calls.toFixed(2)}`,
    `  of them look-ups       ${percent(results.look_up_share)}`,
    `  tokens of our answers  ${results.answer_tokens.toFixed(0)}`,
    `  tokens read, written   ${results.input_tokens.toFixed(0)}, ${results.output_tokens.toFixed(0)}`,
    cost === undefined
      ? '  cost: give --price-in and --price-out (dollars for a million tokens) to have it reckoned'
      : `  cost of a request      $${cost.toFixed(4)}`,
    ...Object.entries(results.groups).map(
      ([group, { trials, passed, calls }]) =>
        `  ${group.padEnd(12)} ${String(passed).padStart(4)} of ${String(trials).padEnd(4)} ${calls.toFixed(2)} calls`,
    ),
    ...(outages > 0
      ? [`  The model did not answer in ${outages} tries; they count neither as right nor as wrong.`]
      : []),
  ];
  return lines.join('\n');
}

/** Writes what happened in each try that was not right, a file each; answers the files. */
export async function writeTraces(folder: string, trials: readonly Trial[]): Promise<string[]> {
  const wrong = trials.filter(({ verdict }) => verdict !== 'passed');
  if (wrong.length > 0) await mkdir(folder, { recursive: true });
  const files: string[] = [];
  for (const trial of wrong) {
    const file = path.join(folder, `${trial.request.name}-${trial.trial}.md`);
    await writeFile(file, traceOf(trial));
    files.push(file);
  }
  return files;
}

/** One try from the owner's words to what is wrong about it. */
export function traceOf({ request, trial, verdict, complaints, made, end }: Trial): string {
  const calls = made.flatMap(({ tool, args, answer, isError, isLookUp }, at) => [
    `## ${at + 1}. ${tool}${isLookUp ? ' (look-up)' : ''}${isError ? ' (refused)' : ''}`,
    fenced(JSON.stringify(args, undefined, 2)),
    fenced(pretty(answer)),
  ]);
  return [
    `# ${request.name}, try ${trial}: ${verdict}`,
    `> ${request.words}`,
    verdict === 'outage' ? 'The model did not answer:' : 'What is wrong:',
    complaints.map(complaint => `- ${complaint}`).join('\n'),
    ...calls,
    `## The answer (${end.how})`,
    end.reply === '' ? '(none)' : end.reply,
    '## A good one',
    request.reply,
    '',
  ].join('\n\n');
}

/** What was answered may hold fences of its own. */
const fenced = (text: string) => `~~~~~json\n${text}\n~~~~~`;

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
