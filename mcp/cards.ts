import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ClientCapabilities, Resource, ServerCapabilities } from '@modelcontextprotocol/server';
import { packageRoot } from '../core/kernel/database/package-root.ts';
import type { Registry } from '../core/kernel/registry/registry.ts';
import type { ResourceText } from './resource.ts';

// Cards (the extension MCP Apps, revision 2026-01-26): a client shows a small page of ours beside an answer. It is one page for all
// of them, `static/card.js`; here stands which there are, and what the page knows besides the answer. An answer is the same for
// clients that show none (decision 061).

const extension = 'io.modelcontextprotocol/ui';
const mimeType = 'text/html;profile=mcp-app';

/** What waits for the owner: shown by every tool that may be kept waiting. */
export const waitingCard = 'waiting';
/** Rows of lists whose registration says how they are shown. */
export const listsCard = 'lists';

/** The names a registration may say as its `card`; `static/card.js` has a painter for each. */
const painters = { day: 'Visits', slots: 'Free times', request: 'Request', invoice: 'Invoice' } as const;
const isPainter = (name: string): name is keyof typeof painters => Object.hasOwn(painters, name);

/** Cards as the protocol asks for them. */
export interface Cards {
  /** For the list of resources. */
  resources: readonly Resource[];
  /** The page at an address; undefined for an address that is none of these. */
  read(uri: string): ResourceText | undefined;
  /** What the description of a tool says of its card. */
  metaOf(card: string): { ui: { resourceUri: string } };
}

export const cardCapabilities = {
  resources: {},
  extensions: { [extension]: {} },
} as const satisfies ServerCapabilities;

/** Whether the client can show a card. */
export function showsCards(client: ClientCapabilities | undefined): boolean {
  const settings: unknown = client?.extensions?.[extension];
  if (typeof settings !== 'object' || settings === null) return false;
  const types: unknown = Reflect.get(settings, 'mimeTypes');
  return !Array.isArray(types) || types.includes(mimeType);
}

// No domain is named in it: nothing may be fetched, framed or sent anywhere.
const closed = { connectDomains: [], resourceDomains: [], frameDomains: [], baseUriDomains: [] };
const _meta = { ui: { csp: closed, prefersBorder: true } } as const;

const uriOf = (card: string) => `ui://deskhand/${card}`;

/**
 * The cards of what is registered. `baseUrl` is where the pages are that they lead to. Throws for a registration that names a card
 * nobody can paint.
 */
export function createCards(registry: Registry, baseUrl: string): Cards {
  const titles = new Map<string, string>([
    [waitingCard, 'What waits for the owner'],
    [listsCard, 'Records'],
    ...[...registry.workflows.values()].flatMap(({ spec: { card } }) =>
      card === undefined ? [] : [[card, painters[painterOf(card)]] as const],
    ),
  ]);
  const known = { views: viewsShown(registry), pages: pagesOf(registry), base: baseUrl };
  const made = new Map<string, string>();
  return {
    resources: [...titles].map(([card, title]) => ({ uri: uriOf(card), name: card, title, mimeType, _meta })),
    read(uri) {
      const card = [...titles.keys()].find(name => uriOf(name) === uri);
      if (card === undefined) return undefined;
      const text = made.get(card) ?? pageOf({ card, ...known });
      made.set(card, text);
      return { uri, mimeType, text, _meta };
    },
    metaOf: card => ({ ui: { resourceUri: uriOf(card) } }),
  };
}

function painterOf(name: string): keyof typeof painters {
  if (isPainter(name)) return name;
  throw new Error(`No card is called "${name}"; there are ${Object.keys(painters).join(', ')}.`);
}

/** Which painter shows the rows of a list, by its name and by that of one of its records. */
function viewsShown({ views, records }: Registry): Record<string, string> {
  const shown = [...views.values()].flatMap(({ spec: { type, card } }) =>
    card === undefined ? [] : [[type, painterOf(card)] as const],
  );
  const one = [...records.values()].flatMap(({ name, plural }) =>
    shown.filter(([type]) => type === plural).map(([, card]) => [name, card] as const),
  );
  return Object.fromEntries([...shown, ...one]);
}

/** Where the records of what cards show have their pages, by the letters of their references. */
function pagesOf({ views, pages }: Registry): Record<string, string> {
  const opened = Object.assign({}, ...pages.map(({ opens }) => opens ?? {}));
  return Object.fromEntries(
    [...views.values()].flatMap(({ spec: { type, reference } }) =>
      reference && typeof opened[type] === 'string' ? [[reference.prefix, opened[type]] as const] : [],
    ),
  );
}

const built = path.join(packageRoot, 'dist/mcp/static');

function readBuilt(name: string): string {
  try {
    return readFileSync(path.join(built, name), 'utf8').trim();
  } catch {
    throw new Error(`${name} of the cards is missing in ${built}; run "npm run build" once.`);
  }
}

/** Everything stands in the page, because a client loads nothing beside it. What it knows cannot end the element it stands in. */
const pageOf = (known: { card: string }): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deskhand</title>
<style>${readBuilt('card.css')}</style>
<main><p role="status">Loading</p></main>
<script type="application/json" id="card">${JSON.stringify(known).replaceAll('<', '\\u003c')}</script>
<script type="module">${readBuilt('card.js')}</script>
</html>
`;
