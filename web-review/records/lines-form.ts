import { words } from '../format.ts';
import { tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { plain } from '../words.ts';
import type { FormCell } from './form.ts';
import {
  countLines,
  type LineMember,
  lineMembersOf,
  linesMeant,
  mostLines,
  nameAt,
  removalAt,
} from './lines.ts';
import { fieldTitle, titleOf } from './value.ts';

/** Another line without going to the server, where a script runs. */
export const linesScript = 'lines.js';

/**
 * A list inside a row: its lines, each with a tick that takes it out, and one empty line to add another. Without
 * JavaScript a saved form has the next empty line.
 */
export function linesField(request: PageRequest, cell: FormCell): Markup {
  const { name, field, texts, problem, meanwhile } = cell;
  const typed = countLines(name, texts);
  const meant = linesMeant(name, field, texts);
  const known = meant.length === 0 ? 0 : Math.max(...meant) + 1;
  const count = Math.min(Math.max(known, typed - 1) + 1, mostLines(field));
  const lines = Array.from({ length: count }, (_, line) => lineField(cell, line, line >= known));
  return html`<fieldset class="lines-of"${problem !== undefined && html` aria-describedby="${name}-problem"`}><legend>${fieldTitle(request, name, field)}</legend>
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}
${meanwhile !== undefined && html`<p class="warning">Somebody made it “<bdi>${meanwhile}</bdi>” meanwhile.</p>`}
<ol class="plain">${lines}</ol>
<p class="hint">What is left empty is not kept.</p>
<button type="button" class="quiet" data-add-line="${mostLines(field)}" hidden>Another line</button></fieldset>\n`;
}

function lineField({ name, field, texts, problemAt }: FormCell, line: number, isSpare: boolean): Markup {
  const members = lineMembersOf(field);
  const wrong = problemAt === undefined ? undefined : linesMeant(name, field, texts)[problemAt.line];
  const isWrong = (member: LineMember) =>
    wrong === line && (problemAt?.member ?? member.name) === member.name;
  const shown = (isTick: boolean) =>
    members
      .filter(({ kind }) => isTick === (kind === 'one_of_all' || kind === 'boolean'))
      .map(member =>
        memberField({
          id: nameAt(name, line, { ...member, kind: 'text' }),
          member,
          typed: texts[nameAt(name, line, member)],
          form: nameAt(name, line, member),
          line,
          isWrong: isWrong(member),
          list: fieldWords(name),
        }),
      );
  const removal = removalAt(name, line);
  return html`<li class="card">${shown(false)}<div class="ticks">${shown(true)}${
    !isSpare &&
    tick(html`type="checkbox" name="${removal}" value="yes"`, html`Take it out`, texts[removal] === 'yes')
  }</div></li>\n`;
}

const fieldWords = (name: string): string => words(name).replace(/s$/, '');

interface MemberField {
  id: string;
  /** What it is called in the form. */
  form: string;
  member: LineMember;
  line: number;
  typed: string | undefined;
  isWrong: boolean;
  /** What a line is, where it is one plain text. */
  list: string;
}

function memberField({ id, form, member, line, typed, isWrong, list }: MemberField): Markup {
  const title = titleOf(member.name === '' ? list : member.name);
  const attributes = html`id="${id}" name="${form}"${isWrong && html` aria-invalid="true"`}`;
  switch (member.kind) {
    case 'one_of_all':
      return tick(html`type="radio" ${attributes} value="${line}"`, html`${title}`, typed === String(line));
    case 'boolean':
      return tick(html`type="checkbox" ${attributes} value="yes"`, html`${title}`, typed === 'yes');
    case 'choice': {
      const chosen = typed ?? member.usual;
      return html`<label for="${id}">${title}</label> <select ${attributes}>${member.usual === '' && html`<option value="">not said</option>`}${member.options.map(
        word => html`<option value="${word}"${word === chosen && html` selected`}>${plain(word)}</option>`,
      )}</select>\n`;
    }
    case 'facts':
      return html`<label for="${id}">${title}</label> <textarea ${attributes} rows="2" maxlength="4000" dir="auto" data-redact>\n${asTyped(typed ?? '')}</textarea>\n`;
    default:
      return html`<label for="${id}">${title}</label> <input ${attributes} maxlength="${member.most}" autocomplete="off"${member.kind === 'number' && html` inputmode="decimal"`} data-redact value="${asTyped(typed ?? '')}">\n`;
  }
}
