/**
 * Card numbers, social security numbers, card security codes, and the keys and links of this installation are taken out of
 * text before it is kept (SAN-01 to SAN-08). One rule in three layers: this file on the server, the same in the
 * page, and `redact_free_text()` in the database, which must be changed together with this one. What it imports belongs to the
 * rule and imports nothing else, because the browser loads all of it (`api/build/scripts.ts`). Every pattern in it looks at a
 * bounded piece of the text from each place, so the work grows with the length of the text and no faster.
 */

import { cardsOfSingles, takeCards, takeSecurityCodes, takeUnusualCards } from './card-numbers.ts';
import { type Effort, toGroups } from './digit-groups.ts';
import { IN_DISGUISE } from './in-disguise.ts';
import type { RedactionKind, Scan, Span } from './number-scan.ts';
import { toPlain } from './plain-letters.ts';
import { takeSocialSecurityNumbers } from './social-security-numbers.ts';

/** `found` has one entry for each number that was removed; it never says which number. */
export type Redaction = { text: string; found: readonly RedactionKind[] };

/**
 * Replaces card numbers, social security numbers, card security codes, keys and links in `text`, and nothing else:
 * every other character stays as it is. A redacted text comes back unchanged. Never throws.
 */
export function redact(text: string, effort: Effort = { steps: 0 }): Redaction {
  const found: RedactionKind[] = [];
  if (isHarmless(text)) return { text, found };
  let current = text;
  // A replacement shortens the text, which can bring a card word within reach of another number. Looking
  // again until nothing is found is what makes the result final; two rounds are the ordinary case.
  for (;;) {
    const open = IN_DISGUISE ? withoutSecrets(current, found) : current;
    const spans = findSpans(open, effort);
    if (spans.length === 0) return { text: open, found };
    current = replaceSpans(open, spans);
    found.push(...spans.map(span => span.kind));
  }
}

/** Links by which somebody signs in or is known (`linkAddress`), and keys of agents and of services. */
const SECRET_LINK = /((?:\/|%2[Ff])(?:sign-in|u)(?:\/|%2[Ff]))[A-Za-z0-9_-]{43,}/g;
const SECRET_KEY = /(?<![A-Za-z0-9_])()(?:dh|whsec|[rs]k_live|[rs]k_test)_[A-Za-z0-9_+/=-]{16,}/g;

function withoutSecrets(text: string, found: RedactionKind[]): string {
  const without = (pattern: RegExp, kind: RedactionKind, from: string) =>
    from.replace(pattern, (_whole, path = '') => {
      found.push(kind);
      return `${path}[REDACTED ${kind}]`;
    });
  return without(SECRET_KEY, 'KEY', without(SECRET_LINK, 'LINK', text));
}

const WORTH_A_LOOK =
  /cv[vc]|(?:dh|whsec|live|test)_|(?:\/|%2F)(?:sign-in|u)(?:\/|%2F)|(?:\b(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|[0-9])[^a-z0-9]{1,3}){12}/i;

/** Most texts, told at a glance: fewer than nine digits are no number of ours, and a code needs its word. */
export function isHarmless(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return false;
    if (code >= 48 && code <= 57) digits += 1;
  }
  return digits < 9 && !WORTH_A_LOOK.test(text);
}

/**
 * The numbers in a text, in their order; keys and links are not among them. `unusual` asks for cards in any grouping near a
 * card word, too.
 */
export function findSpans(text: string, effort: Effort, unusual = true): Span[] {
  const plain = toPlain(text);
  effort.steps += text.length;
  if (IN_DISGUISE) {
    const alone = cardsOfSingles(plain, effort);
    // What is left of the text is looked at again without them.
    if (alone.length > 0) return alone;
  }
  const scan: Scan = { plain, groups: toGroups(plain.letters, effort), spans: [], effort };
  takeCards(scan);
  takeSocialSecurityNumbers(scan);
  takeSecurityCodes(scan);
  const isWorded = scan.groups.some(group => group.nearCardWord.before || group.nearCardWord.after);
  if (!unusual || !isWorded) return inOrder(scan);
  takeUnusualCards(scan);
  return inOrder(scan);
}

const inOrder = (scan: Scan) => scan.spans.sort((a, b) => a.start - b.start);

function replaceSpans(text: string, spans: readonly Span[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const span of spans) {
    parts.push(text.slice(done, span.start), span.label);
    done = span.end;
  }
  parts.push(text.slice(done));
  return parts.join('');
}
