import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';

/** How an MCP client is connected with a key that was just made: shown with it, once. */
export function connectLines({ site }: PageRequest, key: string): Markup {
  const address = `${site.baseUrl}/mcp`;
  const block = {
    mcpServers: { deskhand: { type: 'http', url: address, headers: { Authorization: `Bearer ${key}` } } },
  };
  return html`<label for="key">Key</label><input id="key" value="${key}" readonly>
<label for="address">Address</label><input id="address" value="${address}" readonly>
<label for="client">For the settings file of the client, as it stands</label>
<textarea id="client" rows="11" readonly spellcheck="false">
${JSON.stringify(block, null, 2)}</textarea>
<p class="links"><a href="/connect" target="_blank">How each program takes it</a></p>
<label for="header">Or, where a client asks for a header</label><input id="header" value="Authorization: Bearer ${key}" readonly>`;
}
