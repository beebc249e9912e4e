import type { OpenAI } from 'openai';
import { type Effort, effortOf, type Made } from './agent.ts';
import { openBooks } from './books.ts';
import { type End, talk } from './conversation.ts';
import { grade } from './grade.ts';
import type { OfficeRequest } from './requests/request.ts';
import type { World } from './world.ts';

export type Verdict = 'passed' | 'failed' | 'outage';

/** One try of one request. */
export interface Trial extends Effort {
  request: OfficeRequest;
  /** From 1. */
  trial: number;
  verdict: Verdict;
  /** What was wrong; with an outage, what the model answered. */
  complaints: string[];
  made: Made[];
  end: End;
  tokens: { input: number; output: number };
}

export interface Model {
  openai: OpenAI;
  name: string;
}

/** Has a model do a request on a fresh copy of the business, and grades what came of it. */
export async function tryRequest(
  world: World,
  model: Model,
  request: OfficeRequest,
  { trial, most_calls }: { trial: number; most_calls: number },
): Promise<Trial> {
  const morning = await world.open();
  try {
    const look = await openBooks(morning, request);
    const { client } = morning;
    const { openai, name } = model;
    const { end, made, tokens } = await talk({
      openai,
      model: name,
      client,
      words: request.words,
      most_calls,
    });
    const complaints = await complaintsOf(request, end, look);
    const verdict = end.how === 'outage' ? 'outage' : complaints.length > 0 ? 'failed' : 'passed';
    return { request, trial, verdict, complaints, made, end, tokens, ...effortOf(made) };
  } finally {
    await morning.close();
  }
}

async function complaintsOf(
  request: OfficeRequest,
  end: End,
  look: Awaited<ReturnType<typeof openBooks>>,
): Promise<string[]> {
  if (end.how === 'outage') return [end.trouble];
  const complaints = grade(request, await look(), end.reply);
  return end.how === 'call limit'
    ? ['it called tools until the limit and did not answer', ...complaints]
    : complaints;
}
