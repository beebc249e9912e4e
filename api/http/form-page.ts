import { createHash } from 'node:crypto';
import type { PublicRoute } from '../../core/kernel/outside/public-route.ts';
import { type Puzzle, puzzleFields } from '../../core/kernel/outside/puzzles.ts';
import { escapeHtml } from '../../core/kernel/words/escape-html.ts';

const style =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem}' +
  'label{display:block;margin:1rem 0 .25rem}input,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}' +
  'button{font:inherit;margin-top:1rem;padding:.5rem 1.25rem}@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}';

const styleHash = createHash('sha256').update(style).digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

/** Headers of these pages: no script, no style but the one above, no frame; what they send goes to this server. */
export const formPageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** A page with a puzzle also loads the script of ours that solves it. */
export const puzzlePageHeaders = { 'content-security-policy': `${policy}; script-src 'self'` } as const;

/** What a visitor without JavaScript sees after sending; `back` is the page the form stands on. */
export const thanksPage = ({ thanks }: PublicRoute, back: string | undefined): string =>
  page(thanks.title, [
    `<p>${escapeHtml(thanks.text)}</p>`,
    ...(back === undefined ? [] : [`<p><a href="${escapeHtml(back)}">Back to the page</a></p>`]),
  ]);

/** The form once more with everything that was typed, and what to change (LED-17). */
export function tryAgainPage(
  route: PublicRoute,
  {
    message,
    typed,
    key,
    puzzle,
  }: { message: string; typed: Readonly<Record<string, string>>; key: string; puzzle?: Puzzle },
): string {
  const fields = route.fields.flatMap(({ name, label, type, autocomplete, is_needed }) => {
    const value = escapeHtml(typed[name] ?? '');
    const facts = `id="${name}" name="${name}"${is_needed ? ' required' : ''}`;
    return [
      `<label for="${name}">${escapeHtml(label)}</label>`,
      type === 'area'
        ? `<textarea ${facts} rows="6">\n${value}</textarea>`
        : `<input ${facts} type="text" autocomplete="${autocomplete}" value="${value}">`,
    ];
  });
  return page('Please try again', [
    `<p role="alert"><strong>${escapeHtml(message)}</strong></p>`,
    `<form method="post" action="${route.path}"${puzzle ? ` data-bits="${puzzle.bits}"` : ''}>`,
    `<input type="hidden" name="${route.key.field}" value="${escapeHtml(key)}">`,
    ...fields,
    ...(puzzle ? puzzleLines(puzzle) : []),
    '<button>Send</button>',
    '</form>',
  ]);
}

/** A script of ours finds the proof; who has no scripts answers the question. */
const puzzleLines = ({ stamp, question }: Puzzle): string[] => [
  `<input type="hidden" name="${puzzleFields.stamp}" value="${escapeHtml(stamp)}">`,
  `<input type="hidden" name="${puzzleFields.proof}" value="">`,
  '<noscript>',
  `<label for="puzzle">${escapeHtml(question)} (This keeps programs out.)</label>`,
  `<input id="puzzle" name="${puzzleFields.answer}" type="text" inputmode="numeric" autocomplete="off" required>`,
  '</noscript>',
  '<script type="module" src="/static/puzzle.js"></script>',
];

/** A refusal that sending again cannot change. */
export const refusalPage = (message: string): string =>
  page('This did not work', [`<p role="alert">${escapeHtml(message)}</p>`]);

const page = (title: string, body: readonly string[]): string =>
  [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${escapeHtml(title)}</h1>`,
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
