import { findCall, meantCall, type Registry } from '../../core/kernel/registry/registry.ts';
import { signaturesOf } from '../../core/kernel/registry/signature.ts';
import { wordFilters } from '../../core/kernel/registry/word-filters.ts';
import { correctInput } from '../../core/kernel/words/correct-input.ts';
import { DeskhandError, type ErrorDetails } from '../../core/kernel/words/errors.ts';
import { redact } from '../../core/kernel/words/redaction.ts';

/** What was called, as it was given. */
interface Given {
  /** The action, workflow or data type. */
  name: string;
  /** Its input, or the filters. */
  input: unknown;
  /** The words a list was searched for. */
  search?: string | undefined;
}

type Names = Pick<Registry, 'actions' | 'workflows' | 'views' | 'action' | 'view' | 'aliases'>;

/** A longer call is not said back: an answer must not grow with what somebody sent. */
const longestCall = 1000;

/**
 * A refusal of what a caller gave, with how it is called right, and the corrected call where only one can be meant: so a
 * guess costs one call. Other errors are handed back as they are.
 */
export function withRightCall(registry: Registry, error: unknown, given: Given): unknown {
  return withRight(error, () => rightCall(registry, error, given));
}

/** The same for a read: `input` are its filters. */
export function withRightRead(registry: Registry, error: unknown, given: Given): unknown {
  return withRight(error, () => rightRead(registry, error, given));
}

function withRight(error: unknown, right: () => ErrorDetails): unknown {
  if (!(error instanceof DeskhandError)) return error;
  const corrected = new DeskhandError(error.code, error.message, { ...error.details, ...right() });
  corrected.time_zone = error.time_zone;
  return corrected;
}

function rightCall(registry: Registry, error: unknown, { name, input }: Given): ErrorDetails {
  const found = registry.workflows.get(name) ?? registry.called(name);
  if (found && isAboutInput(error)) {
    const meant = correctCall(registry, name, input);
    const isAction = !registry.workflows.has(name);
    return {
      signature: signaturesOf(registry).of(found),
      ...callOf(meant && (isAction ? { action: name, data: meant } : meant)),
    };
  }
  if (found || !isCode(error, 'UNKNOWN_ACTION')) return {};
  const [near, ...others] = nearOf(error).filter(each => isKnown(registry, each));
  if (near === undefined) return {};
  return {
    signature: [near, ...others].map(each => signaturesOf(registry).of(findCall(registry, each))),
    ...callOf(others.length === 0 && registry.actions.has(near) ? { action: near, data: input } : undefined),
  };
}

/** The data of a call as it was probably meant, of a list too. Undefined where nothing can be put right. */
function correctCall(registry: Registry, name: string, input: unknown) {
  try {
    const { found, data } = meantCall(registry, name, input);
    return correctInput(found.spec.input, found.inputSchema, data, registry.aliases);
  } catch (error) {
    if (error instanceof DeskhandError) return undefined;
    throw error;
  }
}

const isKnown = ({ actions, workflows }: Names, name: string) => actions.has(name) || workflows.has(name);

function rightRead(registry: Registry, error: unknown, { name, input, search }: Given): ErrorDetails {
  if (isCode(error, 'UNKNOWN_TYPE')) {
    const near = nearOf(error).flatMap(each => registry.views.get(each) ?? []);
    return near.length > 0 ? { signature: near.map(each => signaturesOf(registry).ofView(each)) } : {};
  }
  if (!isAboutInput(error)) return {};
  const view = registry.view(name);
  const [filter] = search === undefined || view.spec.searchable ? [] : wordFilters(view);
  const meant =
    filter === undefined
      ? correctInput(view.spec.params, view.paramsSchema, input, registry.aliases)
      : { ...view.spec.params.partial().safeParse(input).data, [filter]: search };
  return {
    signature: signaturesOf(registry).ofView(view),
    ...callOf(meant && { type: view.spec.type, where: meant }),
  };
}

/** A call that is short, and holds nothing that must not be said back. */
function callOf(call: Record<string, unknown> | undefined): ErrorDetails {
  if (call === undefined) return {};
  const said = JSON.stringify(call);
  return said.length > longestCall || redact(said).found.length > 0 ? {} : { call };
}

const isCode = (error: unknown, code: string) => error instanceof DeskhandError && error.code === code;
const isAboutInput = (error: unknown) => isCode(error, 'VALIDATION_ERROR');
const nearOf = (error: unknown) => (error instanceof DeskhandError ? (error.details.did_you_mean ?? []) : []);
