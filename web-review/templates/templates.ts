import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { messageKinds } from '../../core/messages/record.ts';
import { variables } from '../../core/messages/variables.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { formFields, submit } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

const kindRow = z.object({
  kind: z.enum(messageKinds),
  label: z.string(),
  summary: z.string(),
  variables: z.array(z.string()),
  subject: z.string(),
  body: z.string(),
});
type Kind = z.infer<typeof kindRow>;

const templateRow = z.object({
  reference: z.string(),
  kind: z.string(),
  subject: z.string(),
  body: z.string(),
  is_active: z.boolean(),
});
type Template = z.infer<typeof templateRow>;

/** Asks for the words that go out; lists leave their text out unless it is asked for. */
const inUse = (params: { kind?: string }) => ({
  params: { ...params, is_active: true },
  fields: Object.keys(templateRow.shape),
});

const previewRow = z.object({
  subject: z.string().nullable(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  missing: z.array(z.string()),
});

/** The words of our mails (WEB-04). Opened by hand, the address of a form leads to the page it stands on. */
export function addTemplates(page: Route, form: Route): void {
  page('/templates', listTemplates);
  page('/templates/:kind', request => showTemplate(request));
  form('/templates/:kind', saveTemplate);
  page('/templates/:kind/mail', showMail);
  form('/templates/:kind/away', takeAway);
  page('/templates/:kind/away', async request => ({ redirect: `/templates/${kindOf(request)}` }));
}

function kindOf(request: PageRequest): Kind['kind'] {
  const kind = messageKinds.find(known => known === request.http.params.kind);
  if (kind) return kind;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

/** `/templates`: each kind of mail, and whose words it has. */
async function listTemplates(request: PageRequest): Promise<Page> {
  const [{ rows }, own] = await Promise.all([
    readList(request, 'template_kinds', kindRow),
    readList(request, 'templates', templateRow, { ...inUse({}), limit: 100 }),
  ]);
  const written = new Set(own.rows.map(({ kind }) => kind));
  return {
    title: 'What mails say',
    body: html`<h1>What mails say</h1>
<p class="hint">The words of each kind of mail. As long as you write none of your own, the words of the house go out.</p>
<ul class="list">${rows.map(
      ({ kind, label, summary }) =>
        html`<li><a class="main" href="/templates/${kind}">${label}</a> ${written.has(kind) && html`<span class="badge">your words</span>`}<p class="hint">Goes out ${summary}.</p></li>\n`,
    )}</ul>`,
  };
}

interface Read {
  kind: Kind;
  own: Template | undefined;
}

async function readKind(request: PageRequest): Promise<Read> {
  const kind = kindOf(request);
  const [kinds, templates] = await Promise.all([
    readList(request, 'template_kinds', kindRow, { params: { kind } }),
    readList(request, 'templates', templateRow, { ...inUse({ kind }), limit: 1 }),
  ]);
  return { kind: kindRow.parse(kinds.rows[0]), own: templates.rows[0] };
}

/** `/templates/confirmation`: its words, what they may name, and how it reads. */
async function showTemplate(
  request: PageRequest,
  refusal?: Refusal,
  tried?: { subject: string; body: string },
): Promise<Page> {
  const { kind, own } = await readKind(request);
  const words = tried ?? own ?? kind;
  const typed = (name: 'subject' | 'body') => refusal?.typed[name] ?? words[name];
  // All the names stand below, each with what it says.
  const problem = (name: string) =>
    problemAt(refusal, name)?.replace(/ These there are: \{\{.*$/s, ' What you can name stands below.');
  const shown = refusal ? undefined : await readPreview(request, kind.kind, tried);
  return {
    title: kind.label,
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/templates">What mails say</a></p>
<h1>${kind.label}</h1>
<p class="hint">Goes out ${kind.summary}. ${own ? 'In your own words.' : 'In the words of the house, until you write your own.'}</p>
${problemElse(refusal, ['subject', 'body'])}
<section aria-labelledby="words"><h2 id="words">Words</h2>
<form method="post" action="/templates/${kind.kind}" class="card">${formFields(request)}
${field({ name: 'subject', label: 'Subject', hint: '', problem: problem('subject') }, textControl(typed('subject'), html` required`))}
${field(
  {
    name: 'body',
    label: 'Text',
    hint: 'An empty line begins a paragraph. Words, a colon and a link on a line become a button.',
    problem: problem('body'),
  },
  attributes => html`<textarea${attributes} rows="14" maxlength="20000" required>
${asTyped(typed('body'))}</textarea>`,
)}
${variableList(kind, refusal !== undefined)}
<p class="buttons"><button name="do" value="try" class="quiet">Look at it</button> ${mayDo(request, 'template.create') && html`<button name="do" value="save">Save</button>`}</p></form>
${own && mayDo(request, 'template.delete') && html`<form method="post" action="/templates/${kind.kind}/away">${formFields(request)}<button class="plain quiet">Use the words of the house again</button></form>`}</section>
${shown && previewSection(kind.kind, shown, tried)}`,
  };
}

const variableList = ({ variables: names }: Kind, isOpen: boolean): Markup =>
  html`<details class="fold"${isOpen && html` open`}><summary>What you can name</summary><ul class="plain">${names.map(
    name => {
      const known = Object.entries(variables).find(([word]) => word === name)?.[1];
      return html`<li><code>{{${name}}}</code><p class="hint">${known?.summary ?? ''}</p></li>\n`;
    },
  )}</ul></details>`;

const readPreview = async (request: PageRequest, kind: string, tried?: { subject: string; body: string }) =>
  (
    await readList(request, 'template_preview', previewRow, {
      params: { kind, ...tried },
      fields: Object.keys(previewRow.shape),
    })
  ).rows[0];

function previewSection(
  kind: string,
  { subject, text, missing }: z.infer<typeof previewRow>,
  tried: { subject: string; body: string } | undefined,
): Markup {
  if (subject === null)
    return html`<p class="problem">There is nothing to put in for ${missing.join(', ')}.</p>`;
  const source = `/templates/${kind}/mail${tried ? `?${new URLSearchParams(tried)}` : ''}`;
  return html`<section aria-labelledby="preview"><h2 id="preview">As the customer sees it</h2>
<p class="hint">Made up: Jane Smith, and a visit in December. Links go nowhere here.</p>
<p>Subject: <b>${subject}</b></p>
<iframe class="mail" title="The mail as a page" sandbox src="${source}" height="640"></iframe>
<details class="fold"><summary>As plain text</summary><pre class="mail">${text}</pre></details></section>`;
}

/** The mail itself, for the frame on the page: a document of its own that nothing of ours reaches. */
async function showMail(request: PageRequest): Promise<Answer> {
  const [subject, body] = ['subject', 'body'].map(name => textOf(request.http.query, name));
  const tried = subject && body ? { subject, body } : undefined;
  const shown = await readPreview(request, kindOf(request), tried);
  return { mail: shown?.html ?? '' };
}

function saveTemplate(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'template.create',
    async typed => {
      const { subject = '', body = '' } = typed;
      if (typed.do === 'try') return showTemplate(request, undefined, { subject, body });
      const { kind, own } = await readKind(request);
      const redirect = `/templates/${kind.kind}`;
      if (own) await submit(request, 'template.update', { template_id: own.reference, subject, body });
      else await submit(request, 'template.create', { kind: kind.kind, name: kind.label, subject, body });
      return { redirect, said: { done: 'Saved. These words go out from now on.', warnings: [] } };
    },
    refusal => showTemplate(request, refusal),
  );
}

async function takeAway(request: PageRequest): Promise<Answer> {
  const { kind, own } = await readKind(request);
  const redirect = `/templates/${kind.kind}`;
  if (!own) return { redirect, said: { done: 'The words of the house are in use.', warnings: [] } };
  await submit(request, 'template.delete', { template_id: own.reference });
  return { redirect, said: { done: 'The words of the house are in use again.', warnings: [] } };
}
