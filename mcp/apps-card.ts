import type { ClientCapabilities, Resource, ServerCapabilities } from '@modelcontextprotocol/server';

/** The MCP Apps extension (SEP-1865, revision 2026-01-26): a client shows a small page of ours beside an answer. */
const extension = 'io.modelcontextprotocol/ui';
const mimeType = 'text/html;profile=mcp-app';
const uri = 'ui://deskhand/waiting';

export const cardCapabilities = {
  resources: {},
  extensions: { [extension]: {} },
} as const satisfies ServerCapabilities;

/** Put into the description of tools whose answer may wait for the owner. */
export const cardMeta = { ui: { resourceUri: uri } } as const;

/** Whether the client can show the card. */
export function showsCards(client: ClientCapabilities | undefined): boolean {
  const settings: unknown = client?.extensions?.[extension];
  if (typeof settings !== 'object' || settings === null) return false;
  const types: unknown = Reflect.get(settings, 'mimeTypes');
  return !Array.isArray(types) || types.includes(mimeType);
}

export const cardResource: Resource = {
  uri,
  name: 'waiting',
  title: 'What waits for the owner',
  mimeType,
};

/** The card, when it is asked for by its address. */
export const readCard = (wanted: string) => (wanted === uri ? { uri, mimeType, text: page } : undefined);

// It shows the request that waits and opens the review page, which wants the owner's sign-in. It calls no tool and
// decides nothing. Everything it shows is set as text. Its script stands in it, because a client loads nothing else.
const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Waiting for the owner</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 12px; color: light-dark(#111418, #f2f4f7); color-scheme: light dark; }
  h1 { font-size: 17px; margin: 0 0 4px; }
  p { margin: 0 0 8px; overflow-wrap: anywhere; }
  button { font: inherit; font-weight: 600; min-height: 44px; padding: 0 16px; border: 0; border-radius: 6px; background: #0b4f8f; color: #fff; }
  [hidden] { display: none; }
</style>
<main hidden>
  <h1 id="title"></h1>
  <p id="reason" dir="auto"></p>
  <p id="until"></p>
  <button id="open" type="button">Open the review page</button>
</main>
<script>
  const host = window.parent;
  let lastId = 0;
  const send = (method, params, id) => host.postMessage({ jsonrpc: '2.0', method, params, ...(id ? { id } : {}) }, '*');
  const ask = (method, params) => send(method, params, ++lastId);
  const show = (id, text) => { document.getElementById(id).textContent = text ?? ''; };
  window.addEventListener('message', ({ source, data }) => {
    if (source !== host || !data || data.jsonrpc !== '2.0') return;
    if (data.id === 1 && data.result) return send('ui/notifications/initialized', {});
    if (data.method !== 'ui/notifications/tool-result') return;
    const answer = data.params?.structuredContent;
    if (answer?.status !== 'pending_authorization') return;
    const { request, reason, review_url, expires_at } = answer.data ?? {};
    show('title', request + ' waits for the owner');
    show('reason', reason);
    show('until', expires_at ? 'Until ' + expires_at : '');
    document.getElementById('open').onclick = () => ask('ui/open-link', { url: review_url });
    document.querySelector('main').hidden = false;
    send('ui/notifications/size-changed', { height: document.documentElement.scrollHeight });
  });
  ask('ui/initialize', { appInfo: { name: 'deskhand-waiting', version: '1' }, appCapabilities: {}, protocolVersion: '2026-01-26' });
</script>
</html>`;
