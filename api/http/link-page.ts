import { createHash } from 'node:crypto';
import type {
  LinkAccount,
  LinkChoice,
  LinkField,
  LinkPage,
  SaidByLink,
  ShownLink,
} from '../../core/kernel/outside/link-page.ts';
import { escapeHtml } from '../../core/kernel/words/escape-html.ts';
import { formPageHeaders } from './form-page.ts';

/** Small, without a script, and made for a thumb: whoever answers stands in a shop with a phone. */
const style = [
  ':root{color-scheme:light dark;--ink:#16242e;--quiet:#55646e;--line:#d5dde2;--paper:#fff;--ground:#f2f5f7;--main:#0b5f8a;--on:#fff;--bad:#a11}',
  '@media(prefers-color-scheme:dark){:root{--ink:#eef3f6;--quiet:#a5b4bd;--line:#3a4852;--paper:#1a242b;--ground:#10171c;--main:#6cc0ea;--on:#06212f;--bad:#ff9b93}}',
  '*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:1.0625rem/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}',
  'main{max-width:30rem;margin:0 auto;padding:1.25rem 1rem 3rem}h1,dd,.one{text-wrap:pretty}h1{font-size:1.5rem;line-height:1.2;margin:.25rem 0 .75rem}',
  '.from{margin:0;color:var(--quiet);font-weight:600}p{margin:.5rem 0}',
  'dl{margin:1rem 0;padding:.25rem 1rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}',
  'dl div{padding:.6rem 0;border-top:1px solid var(--line)}dl div:first-child{border:0}dt{color:var(--quiet);font-size:.875rem}dd{margin:0;font-weight:600;overflow-wrap:anywhere}',
  'details,.said{margin:.75rem 0;padding:0 1rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}',
  'details[open]{padding-bottom:1rem}summary{padding:.85rem 0;font-weight:600;cursor:pointer}.said{padding:.6rem 1rem}',
  'fieldset{border:0;margin:0;padding:0}legend,.label{display:block;padding:0;margin:.5rem 0 .35rem;font-weight:600}',
  '.one{display:flex;align-items:center;gap:.7rem;min-height:3rem;padding:.25rem .75rem;margin:.4rem 0;border:1px solid var(--line);border-radius:.6rem;cursor:pointer}',
  '.one:has(:checked){border-color:var(--main);box-shadow:inset 0 0 0 1px var(--main)}.one input{width:1.25rem;height:1.25rem;margin:0;flex:none;accent-color:var(--main)}',
  'textarea{width:100%;min-height:6rem;padding:.6rem .75rem;font:inherit;color:inherit;background:var(--paper);border:1px solid var(--quiet);border-radius:.6rem}',
  'button{width:100%;min-height:3.25rem;margin:.75rem 0 0;padding:.5rem 1rem;font:inherit;font-weight:700;color:var(--main);background:none;border:2px solid var(--main);border-radius:.75rem;cursor:pointer}',
  '.main button,a.main{color:var(--on);background:var(--main)}a{color:var(--main)}.problem{color:var(--bad);font-weight:600}.foot{margin-top:1.5rem;color:var(--quiet)}',
  'a.way{display:block;margin:.75rem 0 0;padding:.8rem 1rem;text-align:center;text-decoration:none;font-weight:700;border:2px solid var(--main);border-radius:.75rem}',
  'h2{font-size:1.0625rem;margin:1.5rem 0 .25rem}.mark{display:block;max-width:100%;height:auto;margin:0 0 .75rem;padding:.35rem;background:#fff;border-radius:.4rem}',
  '.sum{margin:1rem 0;padding:.9rem 1rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}.sum b{display:block;font-size:2.25rem;line-height:1.2}.sum p{margin:0;color:var(--quiet)}',
  'table{width:100%;border-collapse:collapse;margin:1rem 0;background:var(--paper);border:1px solid var(--line)}td,th{padding:.5rem 1rem;text-align:left;font-weight:400;vertical-align:top;overflow-wrap:anywhere}tr+tr>*{border-top:1px solid var(--line)}',
  'td{text-align:right;white-space:nowrap;overflow-wrap:normal}tfoot :is(td,th){padding-block:.3rem;border:0}tfoot tr:first-child>*{border-top:2px solid var(--line);padding-top:.6rem}small{display:block;color:var(--quiet);font-size:.875rem}.strong>*{font-weight:700}.as-is{white-space:pre-line;overflow-wrap:anywhere}',
  ':focus-visible{outline:3px solid var(--main);outline-offset:2px}',
].join('');

const styleHash = createHash('sha256').update(style).digest('base64');

const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'`;

/**
 * Headers of these pages: as those of forms, with this style. Browsers hold a form to its policy where the answer leads elsewhere,
 * too: `leads_to` are the sources that may be led to.
 */
export const headersOfLinkPage = (leads_to: readonly string[]): Record<string, string> => ({
  ...formPageHeaders,
  'content-security-policy': `${policy}; form-action ${["'self'", ...leads_to].join(' ')}`,
});

/** What was asked for or typed already, what was wrong with it, and under which address the page stands. */
interface Tried {
  said?: SaidByLink;
  problem?: string;
  at?: string;
}

/** What a link of ours shows. Pressing a button sends the page's own address once more, as POST. */
export function linkPage(shown: ShownLink, { said = {}, problem, at = '' }: Tried = {}): string {
  const { title, lines, facts = [], button, choices = [], ways = [], words = [], files = [] } = shown;
  const { amount, account, again } = shown;
  const chosen = choices.find(({ value }) => value === said.choice) ?? choices.find(isButton);
  const form = (choice: LinkChoice) => choiceForm(choice, { isChosen: choice === chosen, said });
  // Where an amount is what it is about, it is pressed right below it; else what it is about is read first.
  const [first, later] = amount ? [choices.filter(isButton), choices.filter(isFold)] : [[], choices];
  const isMain = first.length === 0 && choices.every(isFold);
  return page({ ...shown, at }, [
    `<h1>${escapeHtml(title)}</h1>`,
    ...(problem === undefined ? [] : [`<p class="problem" role="alert">${escapeHtml(problem)}</p>`]),
    ...lines.map(paragraph),
    ...(again
      ? [`<a class="way main" href="${escapeHtml(again.query)}">${escapeHtml(again.label)}</a>`]
      : []),
    ...(amount ? [sum(amount)] : []),
    ...first.map(form),
    ...ways.map(
      ({ label, to }, index) =>
        `<a class="way${isMain && index === 0 ? ' main' : ''}" rel="noreferrer" href="${escapeHtml(to)}">${escapeHtml(label)}</a>`,
    ),
    ...words.map(
      ({ heading, text }) => `<h2>${escapeHtml(heading)}</h2><p class="as-is">${escapeHtml(text)}</p>`,
    ),
    ...(facts.length === 0 ? [] : [`<dl>${facts.map(fact).join('')}</dl>`]),
    ...(account ? [table(account)] : []),
    ...files.map(
      ({ file, label }) => `<p><a href="${escapeHtml(`${at}/${file}`)}">${escapeHtml(label)}</a></p>`,
    ),
    ...(button === undefined
      ? []
      : [`<div class="main"><form method="post"><button>${escapeHtml(button)}</button></form></div>`]),
    ...later.map(form),
  ]);
}

const sum = ({ label, value, note }: NonNullable<ShownLink['amount']>): string =>
  `<div class="sum"><p>${escapeHtml(label)}</p><b>${escapeHtml(value)}</b>${note === undefined ? '' : `<p>${escapeHtml(note)}</p>`}</div>`;

function table({ lines, more, sums }: LinkAccount): string {
  const body = lines.map(
    ({ what, detail, amount }) =>
      `<tr><th scope="row">${escapeHtml(what)}${detail === undefined ? '' : `<small>${escapeHtml(detail)}</small>`}</th><td>${escapeHtml(amount)}</td></tr>`,
  );
  const rest = more === undefined ? '' : `<tr><th colspan="2" scope="row">${escapeHtml(more)}</th></tr>`;
  const foot = sums.map(
    ({ label, value, is_main }) =>
      `<tr${is_main ? ' class="strong"' : ''}><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table><tbody>${body.join('')}${rest}</tbody><tfoot>${foot.join('')}</tfoot></table>`;
}

/** What is said after a button was pressed. Where there is more than one, another may be pressed afterwards. */
export const donePage = (
  { again: _again, ...shown }: ShownLink,
  { title, lines }: LinkPage,
  at: string,
): string =>
  page({ ...shown, title, at }, [
    `<h1>${escapeHtml(title)}</h1>`,
    ...lines.map(paragraph),
    ...(shown.choices ? [`<p><a href="?">${escapeHtml(shown.back ?? 'Change my answer')}</a></p>`] : []),
  ]);

/** What is said where a link leads nowhere, or nothing could be done: a sentence, in the look of the other pages. */
export const nothingPage = (title: string, line: string): string =>
  page({ title, lines: [] }, [`<h1>${escapeHtml(title)}</h1>`, `<p role="alert">${escapeHtml(line)}</p>`]);

const paragraph = (line: string): string => `<p>${escapeHtml(line)}</p>`;

const fact = ([label, value]: readonly [string, string]): string =>
  `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`;

/** With nothing to read or to type: it stands open by itself, where the others unfold. */
const isButton = ({ fields = [], lines = [] }: Pick<LinkChoice, 'fields' | 'lines'>): boolean =>
  fields.length === 0 && lines.length === 0;

const isFold = (choice: LinkChoice): boolean => !isButton(choice);

function choiceForm(
  { value, label, lines = [], fields = [], button }: LinkChoice,
  { isChosen, said }: { isChosen: boolean; said: SaidByLink },
): string {
  const typed = isChosen ? said : {};
  const form = [
    `<form method="post"${isChosen ? ' class="main"' : ''}>`,
    `<input type="hidden" name="choice" value="${escapeHtml(value)}">`,
    ...lines.map(paragraph),
    ...fields.map(field => fieldOf(`${value}-${field.name}`, field, typed[field.name] ?? '')),
    `<button>${escapeHtml(button)}</button></form>`,
  ].join('');
  if (isButton({ fields, lines })) return form;
  return `<details name="choices"${isChosen ? ' open' : ''}><summary>${escapeHtml(label)}</summary>${form}</details>`;
}

function fieldOf(id: string, field: LinkField, typed: string): string {
  const label = escapeHtml(field.label);
  if (field.kind === 'words')
    return `<label class="label" for="${id}">${label}</label><textarea id="${id}" name="${field.name}" maxlength="${field.most}">\n${escapeHtml(typed)}</textarea>`;
  const options = field.options.map(
    option =>
      `<label class="one"><input type="radio" name="${field.name}" value="${escapeHtml(option.value)}"${option.value === typed ? ' checked' : ''}>${escapeHtml(option.label)}</label>`,
  );
  return `<fieldset><legend>${label}</legend>${options.join('')}</fieldset>`;
}

const page = (
  { title, from, phone, picture, at = '' }: ShownLink & { at?: string },
  body: readonly string[],
): string =>
  [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex, nofollow">',
    `<title>${escapeHtml(from === undefined ? title : `${title} · ${from}`)}</title>`,
    `<style>${style}</style></head>`,
    '<body><main>',
    ...(picture
      ? [
          `<img class="mark" src="${escapeHtml(`${at}/${picture.file}`)}" width="${picture.width}" height="${picture.height}" alt="">`,
        ]
      : []),
    ...(from === undefined ? [] : [`<p class="from">${escapeHtml(from)}</p>`]),
    ...body,
    ...(phone === undefined
      ? []
      : [
          `<p class="foot">Or call us: <a href="tel:${escapeHtml(phone.number)}">${escapeHtml(phone.shown)}</a></p>`,
        ]),
    '</main></body></html>',
    '',
  ].join('\n');
