import { readKnownRows } from '../../core/audit/known-rows.ts';
import { personIn } from '../../core/audit/scene.ts';
import { calledRow, type DeedReader } from '../../core/audit/value-words.ts';
import { besideReference } from '../../core/kernel/records/beside-reference.ts';
import { quote } from '../../core/kernel/words/quote.ts';
import { words } from '../format.ts';
import type { Reader } from '../history.ts';
import type { PageRequest } from '../site.ts';
import { callsOf, type Request, type Target } from './request.ts';
import { toldText } from './told.ts';

/** What the ids in a request stand for, in words. */
export type Names = ReadonlyMap<string, string>;

/** How the values and records of requests read: local time, money, names. */
export interface RequestReader extends Reader {
  names: Names;
  /** The same for sentences: the rows themselves. */
  deeds: DeedReader;
}

/** What is needed to write about these requests in words: the rows they speak of, read in one go, however many they are. */
export async function readerFor(
  pageRequest: PageRequest,
  requests: readonly Request[],
): Promise<RequestReader> {
  const { organization } = pageRequest.identity;
  const { registry, readRows } = pageRequest.site.app;
  const previews = requests.flatMap(request => [
    request.preview,
    ...callsOf(request).flatMap(({ preview }) => preview ?? []),
  ]);
  const targets = previews.flatMap(preview => preview.targets);
  const rows = await readKnownRows(
    registry,
    [...previews.flatMap(({ changes }) => changes), ...targets.map(asChange)],
    wanted => readRows(pageRequest.caller, wanted, pageRequest.facts),
  );
  const deeds: DeedReader = {
    registry,
    organization,
    rows,
    names: new Map(targets.map(target => [target.id, targetCalled(target)])),
  };
  const { time_zone, currency, country } = organization;
  return { registry, time_zone, currency, country, deeds, names: namesOf(deeds, requests) };
}

// A record that is only pointed to is read like one that changes.
const asChange = ({ record, id }: Target) => ({
  entity_type: record,
  entity_id: id,
  subject_type: record,
  subject_id: id,
  action: 'update',
  changes: {},
});

/** As people called it when it was asked for: what is gone since has no other name. */
function targetCalled({ reference, label }: Target): string {
  if (reference === null) return quote(label);
  const name = besideReference(label, reference);
  return name === '' ? reference : `${reference} ${quote(name)}`;
}

/** The plain names of everything, for the list of all changes. */
function namesOf(deeds: DeedReader, requests: readonly Request[]): Names {
  const names = new Map([...(deeds.names ?? [])].map(([id, called]) => [id, toldText(called)]));
  for (const [id, known] of deeds.rows) {
    const whose = deeds.rows.get(personIn(known.record, known.row) ?? '');
    // A number says whose it is beside it; a name says enough.
    const isNumber = known.record.label(known.row) === known.row.reference;
    const called = [calledRow(deeds, known), isNumber && whose ? `for ${calledRow(deeds, whose)}` : ''];
    names.set(id, toldText(called.filter(Boolean).join(' ')));
  }
  for (const { action, entity_type, entity_id } of requests.flatMap(({ preview }) => preview.changes)) {
    const noun = deeds.registry.records.get(entity_type)?.noun ?? words(entity_type);
    if (action === 'create') names.set(entity_id, `the new ${noun}`);
  }
  return names;
}
