import { listRows } from '../kernel/pipeline/preview.ts';
import { type CallWords, callWords } from './deed-words.ts';
import { type Changed, type Difference, differencesOf, differenceWords, factsOf } from './differences.ts';
import { type Scene, sceneOf, type Tense, type ToldCall } from './scene.ts';
import { fill } from './template.ts';
import type { DeedReader } from './value-words.ts';
import { isAllTold } from './whole.ts';

/** What a call does, in a sentence and what it does not say yet. */
export interface ToldDeed {
  /** `cancel the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for C-1001 «Jane Smith»` */
  sentence: string;
  /** Every difference that the sentence leaves out. */
  differences: Difference[];
  /** Whether both together say everything that is done, uncut: what may be allowed by who has read no more. */
  is_whole: boolean;
}

/**
 * What a call does as people would say it, made of its registration, the rows it is about and the changes: what somebody
 * wrote stands in marks, everything else is ours. It always says whose it is where a row belongs to somebody.
 */
export function tellCall(reader: DeedReader, asked: ToldCall, tense: Tense): ToldDeed {
  // What is made and then changed is made so.
  const call = { ...asked, changes: listRows([...asked.changes]) };
  const words = callWords(reader.registry, call.action);
  const scene = sceneOf(reader, call, words, tense);
  const told = tellScene(reader, { call, words, scene, tense });
  return { ...told, is_whole: isAllTold(reader, call, { ...told, scene, saysStates: !words.isPlain }) };
}

/** A call with its words and what it is about. */
interface Seen {
  call: ToldCall;
  words: CallWords;
  scene: Scene;
  tense: Tense;
}

function tellScene(reader: DeedReader, { call, words, scene, tense }: Seen): Omit<ToldDeed, 'is_whole'> {
  const verb = tense === 'wish' ? words.verb : words.past;
  const beside = call.changes.filter(
    entry => entry.entity_id !== scene.made?.entity_id && !isNoted(entry, call.changes),
  );
  const all = differencesOf(reader, beside, scene.own);
  const differences = words.isPlain ? all : withoutStates(all);
  const set = differences.map(differenceWords).join(', ');
  const templated = words.says && fill(reader, call, { ...scene, set }, words.says);
  if (templated) return { sentence: `${verb} ${templated}`, differences: [] };
  const [first] = differences;
  const only =
    differences.length === 1 && scene.it !== undefined && first && scene.about.has(first.entity_id)
      ? first
      : undefined;
  if (only && words.isPlain) return { sentence: changeWords(scene, only, tense), differences: [] };
  const head = [verb, objectWords(reader, scene, words)].filter(Boolean).join(' ');
  if (scene.made) {
    const facts = factsOf(reader, scene.made, head).slice(0, mostFacts).join(', ');
    return { sentence: facts === '' ? head : `${head}: ${facts}`, differences };
  }
  const moved = differences.filter(isMove(scene));
  const [move] = moved;
  if (move && moved.length === 1) {
    // Its time is what differs: that stands in the name no second time.
    const timeless = { ...scene, it: scene.it?.replace(/ on [A-Z][^«»]*$/, '') };
    const what = `${verb} ${objectWords(reader, timeless, words)}`;
    return {
      sentence: `${what} from ${move.from} to ${move.to}`,
      differences: differences.filter(other => other !== move),
    };
  }
  return only
    ? { sentence: `${head}: ${differenceWords(only)}`, differences: [] }
    : { sentence: head, differences };
}

/** Tells the change of the time of what a call is about. */
const isMove =
  ({ about }: Scene) =>
  ({ kind, entity_id, from, to }: Difference): boolean =>
    kind === 'moment' && from !== undefined && to !== undefined && about.has(entity_id);

/** The whole of it on one line, for lists: the sentence, and the first of what differs besides. */
export function tellInLine(reader: DeedReader, call: ToldCall, tense: Tense): string {
  const { sentence, differences: all } = tellCall(reader, call, tense);
  // What comes into being beside it stands on its own page; what is said of each of several is said once.
  const differences = [...new Set(all.filter(({ is_made }) => !is_made).map(differenceWords))];
  if (differences.length === 0) return sentence;
  const shown = differences.slice(0, mostInLine).join(', ');
  const rest = differences.length - mostInLine;
  return `${sentence}: ${shown}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const mostInLine = 3;

// Where the verb says that something is over, its state says so once more.
const states = new Set(['status', 'follow_up_status', 'extraction_status']);

/** Whether a customer has to say yes again follows from what else changed; alone it is the change. */
function withoutStates(all: readonly Difference[]): Difference[] {
  const rest = all.filter(({ name = '' }) => !states.has(name));
  const more = rest.filter(({ name }) => name !== 'confirmation_status');
  return more.length > 0 ? more : rest;
}

// What is written down besides the change itself says the same once more.
const isNoted = ({ action, entity_id }: Changed, all: readonly Changed[]): boolean =>
  !['create', 'update', 'delete', 'restore'].includes(action) &&
  !/_technician$/.test(action) &&
  all.some(other => other.action === 'update' && other.entity_id === entity_id);

/** `the visit T-2001 on Wed, Nov 18, 2026, 2:00 PM for C-1001 «Jane Smith»`, `a note «Has a dog» for C-1001 «Jane Smith»` */
function objectWords(reader: DeedReader, scene: Scene, { object }: CallWords): string {
  const name = scene.made ? scene.madeName : scene.it;
  const plain = object === '' ? `on the ${scene.noun}` : object;
  const [firstWord = ''] = plain.split(' ');
  const isPlural = [...reader.registry.records.values()].some(({ nouns }) => nouns === firstWord);
  const hasArticle = isPlural || /^(the|an?|how|what|again|own|on|to|is|you)$/.test(firstWord);
  const withArticle = hasArticle ? plain : `${scene.made ? articleOf(plain) : 'the'} ${plain}`;
  const whose = scene.whose === undefined ? '' : ` for ${scene.whose}`;
  const isSaid = name !== undefined && (scene.noun === '' || plain.includes(scene.noun));
  const named = name === undefined ? '' : isSaid ? ` ${name}` : ` of the ${scene.noun} ${name}`;
  return `${withArticle}${named}${whose}`;
}

const articleOf = (words: string): string => (/^[aeiou]/i.test(words) ? 'an' : 'a');

const mostFacts = 3;

/** `raise the price of the service S-1 «Gutter Cleaning» from $150.00 to $175.00` */
function changeWords(scene: Scene, { kind, grows, label, from, to }: Difference, tense: Tense): string {
  const says = (wish: string, past: string) => (tense === 'wish' ? wish : past);
  const whose = scene.whose === undefined ? '' : ` for ${scene.whose}`;
  const of = label.endsWith(scene.noun) ? '' : ` of the ${scene.noun}`;
  const time = kind === 'moment' && /(due|send|ed)$/.test(label) ? ' time' : '';
  const what = `the ${label}${time}${of}${scene.it === undefined ? '' : ` ${scene.it}`}${whose}`;
  if (from === undefined) return `${says('set', 'set')} ${what} to ${to ?? ''}`;
  if (to === undefined) return `${says('empty', 'emptied')} ${what}, which was ${from}`;
  if (kind !== 'money' || grows === undefined)
    return `${says('change', 'changed')} ${what} from ${from} to ${to}`;
  return `${grows ? says('raise', 'raised') : says('lower', 'lowered')} ${what} from ${from} to ${to}`;
}
