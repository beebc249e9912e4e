import { deedOf, wishOf } from '../kernel/registry/deed.ts';
import { type AnyCall, alongOf, type Registry } from '../kernel/registry/registry.ts';

/** How a call is said: `cancel`, `cancelled`, `visit`, and the sentence it registers, if it does. */
export interface CallWords {
  verb: string;
  past: string;
  /** `line of visit`; '' when the verb says it all. */
  object: string;
  says?: string | undefined;
  /** The records that it may be about, the first one first. */
  about: readonly string[];
  /** Whether the verb says only that something is as it was not before: then the change is the sentence. */
  isPlain: boolean;
  /** Whether it is there to make something: what it takes the place of is then told beside. */
  makes?: boolean;
}

// What the plain actions of every record are called on pages.
const plainWords: Readonly<Record<string, { verb: string; past: string }>> = {
  create: { verb: 'add', past: 'added' },
  update: { verb: 'change', past: 'changed' },
  restore: { verb: 'bring back', past: 'brought back' },
};

/** The words of an action or a workflow as people say them: by its registration, in the nouns of the records. */
export function callWords(registry: Registry, id: string): CallWords {
  const flow = registry.workflows.get(id)?.spec;
  if (flow?.deed) {
    const { verb, past, object, about, says } = flow.deed;
    return { verb, past, object, says, about: [about], isPlain: false };
  }
  const [domain = '', name = ''] = id.split('.');
  if (name === '') {
    const words = wishOf(registry, id);
    return { verb: `run “${words}”`, past: `ran “${words}”`, object: '', about: [], isPlain: false };
  }
  const said = registry.actions.get(id)?.spec;
  const { verb, past, object } = deedOf(registry, id);
  const [first = ''] = name.split('_');
  const plain = said?.verb === undefined && said?.past === undefined ? plainWords[first] : undefined;
  return {
    verb: plain?.verb ?? verb,
    past: plain?.past ?? past,
    object: inNouns(registry, domain, object),
    says: said?.says,
    about: recordsOf(registry, domain),
    makes: said?.effect === 'create',
    isPlain: said?.verb === undefined && (first === 'update' || first === 'set'),
  };
}

/** The object in the words of people: `line of ticket` is `line of visit`. */
function inNouns({ records }: Registry, domain: string, object: string): string {
  const words = domain.replaceAll('_', ' ');
  const noun = records.get(domain)?.noun ?? words;
  return object.replaceAll(new RegExp(`\\b${words}\\b`, 'g'), noun);
}

const recordsOf = ({ records }: Registry, domain: string): string[] =>
  [...records.values()]
    .filter(({ name, domain: of }) => name === domain || of === domain)
    .map(({ name }) => name);

/** `cancel the visit`, `record payment`: what an action does in general, for lists and buttons. */
export function generalWish(registry: Registry, id: string): string {
  const { verb, object } = callWords(registry, id);
  return [verb, object].filter(Boolean).join(' ');
}

/** What is done along with an action, a step each: `close the visit`, or in the past `closed the visit`. */
export function alongWords(registry: Registry, found: AnyCall | undefined, form: 'verb' | 'past'): string[] {
  if (!found || !registry.composed.has(found.id)) return [];
  return alongOf(found).map(id => {
    const { [form]: verb, object } = callWords(registry, id);
    return object === '' ? verb : `${verb} the ${object}`;
  });
}
