import { html, type Markup } from '../html.ts';
import { mayDo, type Page, type PageRequest, type PaperFile } from '../site.ts';
import { makeBundle, readBridge } from './bundle.ts';
import { calledLines } from './called.ts';
import { type Block, bridgeFile, bundleFile, type Host, hosts, keyWords, type Way } from './hosts.ts';

/** `/connect`: how the programs people use are told of this Deskhand, and whether one has called. */
export async function showConnect(request: PageRequest): Promise<Page> {
  const place = { address: `${request.site.baseUrl}/mcp`, key: keyWords };
  const called = await calledLines(request);
  return {
    title: 'Connect an assistant',
    scripts: ['connect.js'],
    body: html`<p class="links"><a href="/assistants">Assistants</a></p>
<h1>Connect an assistant</h1>
<p class="hint">Your assistant works in the program you already talk to. It does what you let it, under its own name, and asks you for the rest.</p>
<section class="card" aria-labelledby="where"><h2 id="where">The address</h2>
${reach(request)}
<label for="address" class="unseen">The address</label><input id="address" value="${place.address}" readonly data-copy></section>
${
  called &&
  html`<section aria-labelledby="called-title"><h2 id="called-title">Has it called?</h2>
<div id="called" role="status" data-look="/connect/called">${called}</div>
<p class="links" id="look-again"><a href="/connect#called-title">Look again</a></p></section>`
}
<section aria-labelledby="programs"><h2 id="programs">Your program</h2>
${hosts.map(host => hostSection(request, host, place))}</section>
<p class="hint">Another program? If it takes the address of an MCP server, give it the one above.</p>`,
  };
}

/** From where this address is reached. */
function reach({ site }: PageRequest): Markup {
  const { protocol, hostname } = new URL(site.baseUrl);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  if (isHere)
    return html`<p class="warning">It is reached from this computer alone. ${outsiders()} call from outside: for them, Deskhand needs an https address of its own.</p>`;
  if (protocol === 'http:')
    return html`<p class="warning">It is not https. ${outsiders()} take no other.</p>`;
  return html`<p>Whoever has it still has to sign in here, or to have a key.</p>`;
}

const outsiders = (): string =>
  hosts
    .filter(({ callsFromOutside }) => callsFromOutside)
    .map(({ name }) => name)
    .join(' and ');

function hostSection(request: PageRequest, host: Host, place: { address: string; key: string }): Markup {
  const byKey = host.byKey?.(place);
  return html`<details class="fold ways-in"><summary>${host.name}</summary>
${wayPart(`${host.id}-address`, host.byAddress(place))}
${
  byKey &&
  html`<h3>With a key instead</h3>
${mayDo(request, 'agent.create_key') && html`<p class="hint">The key is made under <a href="/assistants">Assistants</a>, and shown once.</p>`}
${wayPart(`${host.id}-key`, byKey)}`
}</details>\n`;
}

const wayPart = (id: string, { steps, block, link }: Way): Markup =>
  html`${steps.length === 1 ? html`<p>${steps[0]}</p>` : html`<ol>${steps.map(step => html`<li>${step}</li>`)}</ol>`}
${link && html`<p class="buttons"><a class="button plain" href="${link.href}"${link.href.startsWith('https:') && html` rel="noreferrer"`}>${link.label}</a></p>`}
${block && blockPart(id, block)}`;

const blockPart = (id: string, { where, text }: Block): Markup =>
  html`<label for="${id}">For ${where}</label>
<textarea id="${id}" rows="${text.split('\n').length + Math.floor(text.length / text.split('\n').length / 60)}" readonly spellcheck="false" data-copy>
${text}</textarea>`;

/** `/connect/deskhand.mcpb`: the bundle for desktop hosts, which knows this address already. */
export async function takeBundle(request: PageRequest): Promise<PaperFile> {
  return {
    file: await makeBundle(request.site.baseUrl),
    name: bundleFile,
    content_type: 'application/octet-stream',
    isKept: true,
  };
}

/** `/connect/deskhand-mcp.mjs`: the program for clients that start one of their own. */
export async function takeBridge(): Promise<PaperFile> {
  return {
    file: await readBridge(),
    name: bridgeFile,
    content_type: 'text/javascript; charset=utf-8',
    isKept: true,
  };
}
