import type { PublicRoute } from '../../core/kernel/outside/public-route.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';

/** The address that takes in inquiries, as it is registered. */
export function inquiryRoute({ site }: Pick<PageRequest, 'site'>): PublicRoute {
  const route = site.app.registry.routes.find(({ action }) => action === 'lead.submit_form');
  if (!route) throw new Error('no address takes in inquiries');
  return route;
}

/**
 * The form that goes into a website, as plain HTML that needs no script: it posts to our public address. The last field is
 * seen by no person; programs that fill in whatever they find give themselves away by it.
 */
export function formHtml(request: PageRequest, publicKey: string): Markup {
  const { path, fields, traps, key } = inquiryRoute(request);
  return html`<form method="post" action="${request.site.baseUrl}${path}">
  <input type="hidden" name="${key.field}" value="${publicKey}">
${fields.map(
  ({ name, label, type, autocomplete, is_needed }) => html`  <p><label>${label}<br>
    ${
      type === 'area'
        ? html`<textarea name="${name}" rows="5" maxlength="5000"${is_needed && html` required`}></textarea>`
        : html`<input name="${name}" maxlength="200" autocomplete="${autocomplete}"${is_needed && html` required`}>`
    }</label></p>
`,
)}${traps.map(name => html`  <p hidden><label>Leave this empty <input name="${name}" tabindex="-1" autocomplete="off"></label></p>\n`)}  <p><button>Send</button></p>
</form>`;
}
