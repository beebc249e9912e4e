import { hashInput } from '../pipeline/idempotency.ts';
import { type RefPath, refPaths } from '../records/ref-paths.ts';
import { type JsonSchema, jsonSchemaOf } from '../words/parse-input.ts';
import type { Action, View, Workflow } from './define.ts';

/** An action or workflow with what is computed from it once. */
export interface Registered<T> {
  spec: T;
  /** `ticket.reschedule`, or the workflow's name. */
  id: string;
  inputSchema: JsonSchema;
  /** Changes when the input changes shape; stored with requests and grants. */
  schemaHash: string;
  refs: readonly RefPath[];
}

export interface RegisteredView {
  spec: View;
  paramsSchema: JsonSchema;
  refs: readonly RefPath[];
}

/**
 * The JSON Schemas are made when first asked for: a command that runs one action need not describe all of them, and a
 * client on stdio waits for its start.
 */
export function registered<T extends Action | Workflow>(spec: T, id: string): Registered<T> {
  // What a `prepare` step brings waits with the input under this name.
  if ('prepared' in spec.input.shape) throw new Error(`${id} takes an input called prepared`);
  const schema = once(() => jsonSchemaOf(spec.input, 'input'));
  const hash = once(() => hashInput(schema()).slice(0, 16));
  const refs = once(() => refPaths(schema()));
  return {
    spec,
    id,
    get inputSchema() {
      return schema();
    },
    get schemaHash() {
      return hash();
    },
    get refs() {
      return refs();
    },
  };
}

export function registeredView(spec: View): RegisteredView {
  const schema = once(() => jsonSchemaOf(spec.params, 'input'));
  const refs = once(() => refPaths(schema()));
  return {
    spec,
    get paramsSchema() {
      return schema();
    },
    get refs() {
      return refs();
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
