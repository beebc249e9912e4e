import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { z } from 'zod';

const schema = z.record(z.string(), z.unknown());
const contract = z
  .looseObject({ components: z.looseObject({ schemas: z.record(z.string(), schema) }) })
  .parse(JSON.parse(readFileSync(new URL('../fixtures/contracts/resend.json', import.meta.url), 'utf8')));
// The contract leaves its objects open, and a misspelt member would pass: here every member must be one it names.
for (const part of Object.values(contract.components.schemas)) {
  if (part.properties !== undefined) part.additionalProperties = false;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(contract, 'resend');
const compile = (pointer: string) => ajv.compile({ $ref: `resend#/paths/~1emails/post/${pointer}` });
const isBody = compile('requestBody/content/application~1json/schema');
const isKey = compile('parameters/0/schema');
const isAnswer = compile('responses/200/content/application~1json/schema');

export interface SentRequest {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  body: unknown;
}

/** What Resend's contract has against a request; nothing when it is as described. */
export function breachesOf({ method, path, headers, body }: SentRequest): string[] {
  if (method !== 'POST' || path !== '/emails') return [`there is no ${method} ${path}`];
  const key = headers['idempotency-key'];
  return [
    ...(headers['content-type'] === 'application/json' ? [] : ['the content type is not application/json']),
    ...(/^Bearer re_\w+$/.test(String(headers.authorization)) ? [] : ['there is no key']),
    ...(key === undefined || isKey(key) ? [] : told('Idempotency-Key', isKey.errors)),
    ...(isBody(body) ? [] : told('body', isBody.errors)),
  ];
}

/** What the contract has against an answer of the stand-in itself. */
export const breachesOfAnswer = (answer: unknown): string[] =>
  isAnswer(answer) ? [] : told('answer', isAnswer.errors);

const told = (where: string, errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? []).map(error => `${where}${error.instancePath} ${error.message}`);
