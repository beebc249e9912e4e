// Whoever runs the day here reads her own words: no page says what only the people who made it would say.

/** Words of ours that no page says, each with what it says instead. */
const ours: readonly Word[] = [
  { word: /\btickets?\b/i, say: 'visit', isName: true },
  { word: /\bleads?\b(?! (?:to|you|back))/i, say: 'inquiry', isName: true },
  // Google’s are called so.
  { word: /(?<!google )\bcontacts?\b(?! (?:us|you|the|them|him|her)\b)/i, say: 'customer', isName: true },
  { word: /\b(?:rows?|entries|entity|entities|payloads?|records)\b/i, say: 'what it is', isName: true },
  { word: /\b(?:an?|the|this|each|every|new|one) record\b/i, say: 'what it is', isName: true },
  { word: /\boutbox\b/i, say: 'sent mail', isName: true },
  // What stands in braces is written into mails just so; what a key begins with is chance.
  { word: /(?<![\w/@.«“{-])(?!dh_)[a-z]{2,}(?:_[a-z]+)+(?![\w/@.}=-])/, say: 'spaces', isName: true },
  { word: /\b[a-z]+\.[a-z]+_[a-z_]+\b/, say: 'words', isName: true },
  { word: /\bgrants?\b/i, say: 'standing permission', isName: true },
  { word: /\blevels?\b/i, say: 'what the assistant may do', isName: true },
  { word: /\bdead\b/i, say: 'failed' },
  { word: /\bsoft.limit\b/i, say: 'by itself, telling why' },
  { word: /\brequires.authorization\b/i, say: 'asks me' },
  { word: /\bunrestricted\b/i, say: 'by itself' },
  { word: /\bhash\b/i, say: 'nothing' },
  { word: /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/i, say: 'a name' },
];

interface Word {
  word: RegExp;
  /** What is said instead. */
  say: string;
  /** What something is called in the interfaces: the page of developers says that. */
  isName?: boolean;
}

/** What can be done, by the names that interfaces have for it; people are led there last. */
const forDevelopers = /^\/capabilities(?![^/?#])/;

/** What a page says, to the eye and to the ear: texts, titles, labels, buttons, placeholders. */
function saidOn(markup: string): string[] {
  const text = markup
    .replace(/<(script|style|svg|template)\b[\s\S]*?<\/\1>/g, ' ')
    // What people typed stands as it was typed.
    .replace(/<textarea\b[\s\S]*?<\/textarea>/g, ' ')
    .replace(/<bdi[^>]*>[\s\S]*?<\/bdi>/g, ' ')
    .replace(/<(\w+)[^>]* dir="auto"[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replace(/<a href="mailto:[\s\S]*?<\/a>/g, ' ')
    .replace(/<pre\b[\s\S]*?<\/pre>/g, ' ');
  const attributes = [...text.matchAll(/\b(?:aria-label|title|placeholder|alt)="([^"]*)"/g)].map(
    ([, value = '']) => value,
  );
  const texts = text
    .replace(/<\/?(?:b|a|code|span|time|small|i|em|strong|ins|del|u)\b[^>]*>/g, '')
    .split(/<[^>]+>/);
  return [...attributes, ...texts].map(one => one.replace(/&#39;/g, '’').trim()).filter(one => one !== '');
}

/** The words of ours that stand on a page (its path tells who reads it), each with some of what stands around it. */
export function foundOn(markup: string, path: string): string[] {
  const meant = ours.filter(({ isName }) => !(isName && forDevelopers.test(path)));
  return saidOn(markup).flatMap(said =>
    meant.flatMap(({ word, say }) => {
      const at = word.exec(said);
      if (!at) return [];
      const around = said.slice(Math.max(0, at.index - 30), at.index + 50);
      return [`${at[0]} (say ${say}): …${around}…`];
    }),
  );
}
