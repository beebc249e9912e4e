import { type Changed, sidesOf } from './differences.ts';
import type { Scene, ToldCall } from './scene.ts';
import { calledId, columnOf, type DeedReader, isEmpty, valueWords } from './value-words.ts';

/**
 * Fills in the sentence of a registration: `{amount_cents} [by {note}] from {whose} for {it}`. A part in brackets is left out
 * when what it names is empty. Undefined when anything outside of brackets is: then the sentence is made of the rest.
 */
export function fill(
  reader: DeedReader,
  { changes }: ToldCall,
  scene: Scene,
  says: string,
): string | undefined {
  let isWhole = true;
  const put = (text: string, onMissing: () => void): string =>
    text.replace(/\{([\w:]+)\}/g, (_, name: string) => {
      const value = partOf(reader, changes, scene, name);
      if (value === undefined) onMissing();
      return value ?? '';
    });
  const inside = says.replace(/\[([^\]]*)\]/g, (_, text: string) => {
    let isMissing = false;
    const filled = put(text, () => {
      isMissing = true;
    });
    return isMissing ? '' : filled.replace(/[{}]/g, '');
  });
  const filled = put(inside, () => {
    isWhole = false;
  });
  return isWhole ? filled : undefined;
}

function partOf(
  reader: DeedReader,
  changes: readonly Changed[],
  scene: Scene,
  name: string,
): string | undefined {
  if (name === 'it') return scene.it;
  if (name === 'made') return scene.madeName;
  if (name === 'set') return scene.set || undefined;
  if (name === 'event') return noted(changes);
  if (name === 'whose') return scene.whose;
  if (name === 'gone')
    return calledId(reader, changes.find(({ action }) => action === 'delete')?.entity_id ?? '');
  const [side, column] = name.startsWith('was:')
    ? (['old', name.slice(4)] as const)
    : (['new', name] as const);
  const entry = changes.findLast(({ changes: of }) => !isEmpty(sidesOf(of[column])[side]));
  if (!entry) return reader.registry.records.has(name) ? recordCalled(reader, changes, name) : undefined;
  return valueWords(
    reader,
    columnOf(reader, entry.entity_type, column),
    sidesOf(entry.changes[column])[side],
  );
}

/** What the record of this name is called that the changes are about, or point to. */
function recordCalled(reader: DeedReader, changes: readonly Changed[], name: string): string | undefined {
  const about = changes.filter(({ subject_type }) => subject_type === name);
  const entry = about.find(({ entity_id, subject_id }) => entity_id !== subject_id) ?? about[0];
  if (entry) return calledId(reader, entry.subject_id);
  const pointed = changes.find(({ changes: of }) => !isEmpty(sidesOf(of[`${name}_id`]).new));
  return pointed && calledId(reader, String(sidesOf(pointed.changes[`${name}_id`]).new));
}

/** What was written down, by its verb: `consent given`. */
const noted = (changes: readonly Changed[]): string | undefined =>
  changes
    .find(({ action }) => !['create', 'update', 'delete', 'restore'].includes(action))
    ?.action.replaceAll('_', ' ');
