import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import qs from 'qs';
import { z } from 'zod';

const schema = z.looseObject({ $id: z.string() });
const requests = schema.extend({ requests: z.record(z.string(), z.unknown()) });
const objects = schema.extend({ objects: z.record(z.string(), z.unknown()) });
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../fixtures/stripe/${name}`, import.meta.url), 'utf8'));

const taken = requests.parse(read('requests.schema.json'));
const answered = objects.parse(read('objects.schema.json'));
// The schemas are large, and known to be good.
const options = { strict: false, allErrors: true, validateSchema: false, inlineRefs: false } as const;
// Parameters arrive as texts.
const ofRequests = new Ajv({ ...options, coerceTypes: true }).addSchema(taken);
const ofObjects = new Ajv(options).addSchema(answered);

const compiled = new Map<string, ValidateFunction>();
function checkOf(ajv: Ajv, pointer: string): ValidateFunction {
  const known = compiled.get(pointer);
  if (known) return known;
  const check = ajv.compile({ $ref: pointer });
  compiled.set(pointer, check);
  return check;
}

const escaped = (name: string) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Makes ready what takes seconds the first time, so that no request waits for it. */
export function prepareChecks(): void {
  for (const route of ['POST /v1/customers', 'POST /v1/checkout/sessions'])
    checkOf(ofRequests, `stripe-requests#/requests/${escaped(route)}`);
  for (const name of ['customer', 'checkout.session'])
    checkOf(ofObjects, `stripe-objects#/objects/${escaped(name)}`);
}

/** Parameters of a query or form, as Stripe's client writes them: `line_items[0][quantity]=1`. */
export const readParams = (text: string): Record<string, unknown> =>
  qs.parse(text, { depth: 20, arrayLimit: 1_000, parameterLimit: 10_000 });

/** What may be read by its id, with parts of it whole. */
const reading = z.strictObject({ expand: z.array(z.string()).optional() });

/**
 * What Stripe's contract has against a request; nothing when it is as described. `route` is `POST /v1/customers/{id}`. Numbers in
 * `params` become numbers.
 */
export function breachesOfRequest(route: string, params: Record<string, unknown>): string[] {
  if (!Object.hasOwn(taken.requests, route)) {
    if (!/^GET .*\{id\}$/.test(route)) return [`there is no ${route}`];
    return reading.safeParse(params).success ? [] : [`${route} takes only expand`];
  }
  const check = checkOf(ofRequests, `stripe-requests#/requests/${escaped(route)}`);
  return check(params) ? [] : told(route, check.errors);
}

/** What the contract has against an object: an answer of the stand-in itself, or a part of one. */
export function breachesOfObject(object: Record<string, unknown>): string[] {
  const { object: kind, deleted } = object;
  if (kind === 'list' || kind === 'search_result')
    return z.array(z.record(z.string(), z.unknown())).parse(object.data).flatMap(breachesOfObject);
  const name = deleted === true ? `deleted_${kind}` : String(kind);
  if (!Object.hasOwn(answered.objects, name)) return [`there is no object ${name}`];
  const check = checkOf(ofObjects, `stripe-objects#/objects/${escaped(name)}`);
  return check(object) ? [] : told(name, check.errors);
}

const told = (where: string, errors: readonly ErrorObject[] | null | undefined): string[] =>
  (errors ?? [])
    .slice(0, 8)
    .map(error => `${where}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
