import { generalWish } from '../../core/audit/deed-words.ts';
import { participleOf } from '../../core/kernel/registry/deed.ts';
import { type Action, isFinal } from '../../core/kernel/registry/define.ts';
import { askedCall, type Registry } from '../../core/kernel/registry/registry.ts';
import { whyNotUndone } from '../../core/kernel/registry/undoable.ts';
import { type Fact, factList, words } from '../format.ts';
import { label } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { plain } from '../words.ts';
import { type Affected, type ChangeReader, showWhole } from './changes.ts';
import { foreign } from './foreign.ts';
import { callsOf, type Request } from './request.ts';
import { addresseeOf, countOf } from './sentence.ts';
import { whyAsked } from './why-asked.ts';

/** How many rows, who is written to, how much money, can it be undone, and which rule asks: the short answers. */
export function shortAnswers(
  registry: Registry,
  request: Request,
  affected: readonly Affected[],
  reader: ChangeReader,
): Markup {
  const rows: Fact[] = [
    ['Changes', rowWords(registry, request, affected)],
    ['About', aboutWords(request, reader)],
    ['Goes out', outgoingWords(request)],
    ['Money', moneyWords(registry, request, affected, reader)],
    ['Undo', undoWords(registry, request)],
    ['Asked because', ruleWords(registry, request)],
  ];
  return factList(rows);
}

function rowWords(registry: Registry, { affected_rows }: Request, affected: readonly Affected[]): string {
  const counts = new Map<string, Set<string>>();
  for (const { type, id } of affected) counts.set(type, (counts.get(type) ?? new Set()).add(id));
  const kinds = [...counts].map(([type, { size }]) => {
    const noun = nounOf(registry, type);
    return `${size} ${size === 1 ? noun : (registry.records.get(type)?.nouns ?? `${noun}s`)}`;
  });
  return kinds.length > 0 ? kinds.join(', ') : countOf(affected_rows, 'thing');
}

const longestLabel = 300;

/** `visit`, as people call it. */
const nounOf = ({ records }: Registry, type: string): string => {
  const whole = [...records.keys()].find(name => type.startsWith(`${name}_`));
  // A part goes by what it is of something: `line` for `ticket_line`.
  return records.get(type)?.noun ?? words(whole === undefined ? type : type.slice(whole.length + 1));
};

function aboutWords({ preview }: Request, { names, registry }: ChangeReader): Content {
  return preview.targets.map(({ record, id, label: name }, index) => {
    const known = foreign(names.get(id) ?? name, longestLabel);
    const page = registry.pathOf(record);
    return html`${index > 0 && ', '}${nounOf(registry, record)} ${page ? html`<a href="${page.path}/${id}">${known}</a>` : known}`;
  });
}

function outgoingWords({ preview }: Request): Content {
  const outgoing = preview.goes_out;
  if (outgoing.length === 0) return 'Nothing; nobody is written to.';
  return outgoing.map(
    (message, index) =>
      html`${index > 0 && ', '}${message.kind === 'email' ? 'e-mail' : words(message.kind)} to ${foreign(addresseeOf(message) || 'somebody not named')}`,
  );
}

function moneyWords(
  registry: Registry,
  request: Request,
  affected: readonly Affected[],
  reader: ChangeReader,
): Content {
  const moved = actionsOf(registry, request).some(({ effect }) => effect === 'money');
  const amounts = affected.flatMap(entry =>
    entry.isSubject
      ? entry.fields.filter(({ field }) => field.endsWith('_cents')).map(change => ({ entry, change }))
      : [],
  );
  const list = amounts.map(
    ({ entry, change: { field, from, to } }) =>
      html`<li>${label(field)} of ${nounOf(reader.registry, entry.type)}: ${entry.deed !== 'create' && html`${showWhole(field, from, reader)} → `}${showWhole(field, to, reader)}</li>`,
  );
  if (!moved && list.length === 0) return 'None is moved and no amount changes.';
  return html`${moved ? 'This moves money.' : 'None is moved; amounts that change:'}
<ul class="changes">${list}</ul>`;
}

/** Whether it can be taken back, and how. What leaves the house never can. */
export function undoWords(registry: Registry, request: Request): string {
  const asked = [request, ...callsOf(request)].flatMap(each => actionsOf(registry, each));
  const actions = [...new Set(asked)];
  // Of one call that cannot be taken back as a whole, only what makes it final is said.
  const final = actions.filter(action => whyNotUndone(registry, { spec: action }) !== undefined);
  const told = final.length > 0 && callsOf(request).length === 0 ? final : actions;
  const sentences = new Set(told.map(action => undoOf(registry, action)));
  if (actions.length === 0) sentences.add('Whether this can be undone is not known.');
  const mails = request.preview.goes_out.length;
  if (mails > 0 && !sentences.has(sentForGood))
    sentences.add(`${mails === 1 ? 'The message' : 'Messages'} cannot be taken back once sent.`);
  // "Cannot be undone: it is final." says it already.
  if ([...sentences].some(sentence => sentence.startsWith(`${no}:`))) sentences.delete(`${no}.`);
  return [...sentences].join(' ');
}

const sentForGood = 'What is sent cannot be taken back.';
const no = 'Cannot be undone';

function undoOf(registry: Registry, action: Action): string {
  const { effect, undo } = action;
  if (effect === 'money' && (undo === undefined || undo === 'none'))
    return 'Money that has moved cannot be taken back here.';
  if (effect === 'send') return sentForGood;
  if (undo === undefined) return 'Can be changed back; the history keeps what was before.';
  if (undo === 'none') {
    if (effect === 'create') return `${no}: what it makes stays.`;
    return isFinal(action) ? `${no}: it is final.` : `${no}.`;
  }
  if (effect === 'delete') return 'Can be brought back.';
  return effect === 'create'
    ? `What it makes can be ${participleOf(registry, undo)} again.`
    : `Can be taken back: ${generalWish(registry, undo)}.`;
}

function actionsOf(registry: Registry, asked: Pick<Request, 'action' | 'input'>): Action[] {
  const found = askedCall(registry, asked);
  const used = found?.spec.kind === 'workflow' ? found.spec.uses : [found?.id ?? asked.action];
  return used.flatMap(name => registry.actions.get(name)?.spec ?? []);
}

function ruleWords(registry: Registry, { rule, rule_action, rule_reason }: Request): Content {
  const known = registry.actions.get(rule_action)?.spec.permission.rules?.find(({ name }) => name === rule);
  const always = rule === '*' ? 'always' : words(rule);
  return html`${whyAsked(registry, { rule, rule_action, rule_reason })}. <small>Your rule: <a href="/review/levels?action=${rule_action}">${generalWish(registry, rule_action)}</a>, ${known ? plain(known.summary) : always}</small>`;
}
