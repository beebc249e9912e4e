import { isLinkName } from './variables.ts';

/** A mail as its frame takes it: words without markup, and addresses of links by their names. */
export interface Framed {
  subject: string;
  text: string;
  /** The lines below: who writes. The first one is the name of the business. */
  footer: string;
  links: Readonly<Record<string, string>>;
  /** The address that stops mails of this kind; for those that can be stopped. */
  unsubscribe?: string | undefined;
}

/** The mail as plain text: the same words, with addresses where the links stand. */
export function textOf({ text, footer, links, unsubscribe }: Framed): string {
  const stop = unsubscribe === undefined ? '' : `\n\nNo more e-mails like this one: ${unsubscribe}`;
  return `${text.replace(linkName, (_whole, name: string) => links[name] ?? '')}\n\n-- \n${footer}${stop}\n`;
}

const linkName = /\{\{(\w+)\}\}/g;

/**
 * The mail as HTML: one column that fits a phone, one button, no picture, nothing loaded from anywhere, readable in dark
 * programs. The words are text and nothing else: whatever stands in them is escaped.
 */
export function htmlOf(mail: Framed): string {
  const [name = '', ...reached] = mail.footer.split('\n');
  const stop =
    mail.unsubscribe === undefined
      ? ''
      : `<br><a class="quiet" href="${escaped(mail.unsubscribe)}" style="color:#5b6570">No more e-mails like this one</a>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escaped(mail.subject)}</title>
<style>${dark}</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f5f7;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden;opacity:0">${escaped(preheaderOf(mail.text))}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f5f7"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;background:#ffffff;border:1px solid #dfe4e9;border-radius:12px">
<tr><td class="head" style="padding:20px 28px 0;font:600 15px/1.4 ${font};color:#17212b">${escaped(name)}</td></tr>
<tr><td class="body" style="padding:12px 28px 24px;font:16px/1.55 ${font};color:#17212b">
${blocksOf(mail.text)
  .map(block => blockHtml(block, mail.links))
  .join('\n')}
</td></tr></table>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px"><tr><td class="quiet" style="padding:16px 28px;font:13px/1.5 ${font};color:#5b6570">${[name, ...reached].map(escaped).join('<br>')}${stop}</td></tr></table>
</td></tr></table>
</body></html>
`;
}

const font = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

const dark = `@media (prefers-color-scheme:dark){.page{background:#12181e!important}.card{background:#1b232b!important;border-color:#33404c!important}.head,.body,.value{color:#eef2f5!important}.quiet,.term{color:#a9b4bf!important}.facts{background:#232d37!important}.more{color:#8ec5ff!important}}
.body,.value{text-wrap:pretty}@media (max-width:480px){.head,.body{padding-left:20px!important;padding-right:20px!important}}`;

/** Paragraphs: lines without an empty one between them. */
const blocksOf = (text: string): string[][] =>
  text.split(/\n{2,}/).map(block => block.split('\n').filter(line => line.trim() !== ''));

/** What a mail program shows beside the subject: the first words after the greeting. */
const preheaderOf = (text: string): string =>
  (blocksOf(text)[1] ?? blocksOf(text)[0] ?? []).join(' ').replace(linkName, '').slice(0, 140);

/** Words, a colon and a link on a line of its own. */
const asLink = /^(.{1,60}?):\s*\{\{(\w+)\}\}$/;
/** A fact: a name of few letters, a colon and what it is. */
const asFact = /^([\p{L}][\p{L} ,’'-]{0,24}):\s+(\S.*)$/u;
/** A line of a bill: whatever it is called, a colon, and an amount at its end. */
const asAmount = /^(\S.{0,200}?):\s+((?:[\d.,]+ x \S+ = )?-?\D{0,4}\d[\d.,]*)$/u;

function blockHtml(lines: readonly string[], links: Framed['links']): string {
  if (lines.some(line => asLink.test(line))) return linksHtml(lines, links);
  if (lines.length > 1 && lines.every(line => asFact.test(line))) return factsHtml(lines, links);
  if (lines.length > 0 && lines.every(line => asAmount.test(line))) return amountsHtml(lines);
  return paragraph(lines, links);
}

const paragraph = (lines: readonly string[], links: Framed['links']): string =>
  `<p style="margin:12px 0">${lines.map(line => inline(line, links)).join('<br>')}</p>`;

/** The first link of a block is the button, the others stand below it. */
function linksHtml(lines: readonly string[], links: Framed['links']): string {
  let isFirst = true;
  return lines
    .map(line => {
      const [, words = '', name = ''] = asLink.exec(line) ?? [];
      const address = links[name];
      if (address === undefined) return paragraph([line], links);
      const html = isFirst ? button(words, address) : below(words, address);
      isFirst = false;
      return html;
    })
    .join('\n');
}

const button = (words: string, address: string): string =>
  `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 12px"><tr><td bgcolor="#0b62c4" style="border-radius:8px;background:#0b62c4"><a href="${escaped(address)}" style="display:inline-block;padding:13px 24px;font:600 16px/1.25 ${font};color:#ffffff;text-decoration:none;border-radius:8px">${escaped(words)}</a></td></tr></table>`;

const below = (words: string, address: string): string =>
  `<p style="margin:8px 0"><a class="more" href="${escaped(address)}" style="color:#0b62c4">${escaped(words)}</a></p>`;

const factsHtml = (lines: readonly string[], links: Framed['links']): string =>
  `<table role="presentation" class="facts" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:16px 0;background:#f3f5f7;border-radius:8px">${lines
    .map(line => {
      const [, term = '', value = ''] = asFact.exec(line) ?? [];
      return `<tr><td class="term" valign="top" style="padding:7px 8px 7px 16px;font:14px/1.5 ${font};color:#5b6570;white-space:nowrap">${escaped(term)}</td><td class="value" valign="top" style="padding:7px 16px 7px 8px;font:15px/1.45 ${font};color:#17212b">${inline(value, links)}</td></tr>`;
    })
    .join('')}</table>`;

/** Lines of a bill: what it is on the left, as long as it may be, and what it costs on the right. */
const amountsHtml = (lines: readonly string[]): string =>
  `<table role="presentation" class="facts" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:16px 0;background:#f3f5f7;border-radius:8px">${lines
    .map(line => {
      const [, term = '', value = ''] = asAmount.exec(line) ?? [];
      return `<tr><td class="value" valign="top" style="padding:7px 8px 7px 16px;font:15px/1.45 ${font};color:#17212b">${escaped(term)}</td><td class="value" valign="top" align="right" style="white-space:nowrap;padding:7px 16px 7px 8px;font:15px/1.45 ${font};color:#17212b">${escaped(value)}</td></tr>`;
    })
    .join('')}</table>`;

/** A line as HTML, with an address where a link stands in the middle of it. */
function inline(line: string, links: Framed['links']): string {
  return line
    .split(/(\{\{\w+\}\})/)
    .map(piece => {
      const [, name = ''] = /^\{\{(\w+)\}\}$/.exec(piece) ?? [];
      const address = isLinkName(name) ? links[name] : undefined;
      if (address === undefined) return escaped(piece);
      return `<a class="more" href="${escaped(address)}" style="color:#0b62c4">${escaped(address)}</a>`;
    })
    .join('');
}

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, sign => signs[sign] ?? '');
