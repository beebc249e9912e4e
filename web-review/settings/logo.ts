import { z } from 'zod';
import { heaviestLogo_bytes, logoSize } from '../../core/invoices/pay-page.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { chosenFile, type UploadSpec } from '../imports/upload.ts';
import { type Answer, mayDo, type PageRequest, readList } from '../site.ts';
import { field } from './fields.ts';
import { showSettings } from './settings.ts';

export const logoPath = '/settings/logo';

/** Its form among those of the page. */
export const logoForm = 'logo';

const logoFacts = z.object({ width: z.number(), height: z.number(), size_bytes: z.number() });
const logoBytes = z.object({ content_type: z.string(), picture: z.string() });

const tooLarge = () =>
  new DeskhandError('PAYLOAD_TOO_LARGE', 'This file is larger than 300 KB; nothing was taken.', {
    hint: 'Save the picture smaller: 800 pixels wide is plenty.',
  });

/** What is a little too large is refused beside its field, and not as a page about an error. */
export const logoUpload: UploadSpec = {
  action: 'organization.set_logo',
  back: '/settings',
  largest_bytes: 2_000_000,
  tooLarge,
};

/** The logo there is, and a form to choose one. */
export async function logoSection(request: PageRequest, problem: string | undefined): Promise<Markup> {
  if (!mayDo(request, 'organization.set_logo')) return html``;
  const [logo] = (await readList(request, 'logo', logoFacts)).rows;
  return html`<section aria-labelledby="logo"><h2 id="logo">Logo</h2>
<p class="hint">It stands on your bills, and on the page where customers pay them.</p>
${
  logo &&
  html`<p><img src="${logoPath}/picture" width="${logoSize(logo).width}" height="${logoSize(logo).height}" alt="Your logo"></p>
${logo.size_bytes > heaviestLogo_bytes && html`<p class="hint">It takes ${Math.ceil(logo.size_bytes / 1024)} KB. The page where customers pay opens on a weak line, so it shows a logo of at most ${heaviestLogo_bytes / 1024} KB; this one stands on the paper alone. Saved at about 400 pixels wide, it mostly is small enough.</p>`}`
}
<form method="post" action="${logoPath}" enctype="multipart/form-data" class="card narrow">${formFields(request)}
${field(
  {
    name: 'file',
    label: logo ? 'Another picture' : 'A picture',
    hint: 'PNG or JPEG, at most 300 KB.',
    problem,
  },
  attributes => html`<input${attributes} type="file" accept="image/png,image/jpeg" required>`,
)}
<button>${logo ? 'Replace the logo' : 'Put it on bills'}</button></form>
${logo && html`<form method="post" action="${logoPath}/remove">${formFields(request)}<button class="quiet">Remove the logo</button></form>`}</section>`;
}

/** The picture itself. Throws NOT_FOUND. */
export async function showPicture(request: PageRequest): Promise<Answer> {
  const query = { params: { with_picture: 'yes' }, fields: ['content_type', 'picture'] };
  const [row] = (await readList(request, 'logo', logoBytes, query)).rows;
  if (!row) throw new DeskhandError('NOT_FOUND', 'There is no logo.');
  return { file: Buffer.from(row.picture, 'base64'), name: 'logo', content_type: row.content_type };
}

export async function setLogo(request: PageRequest): Promise<Answer> {
  const chosen = chosenFile(request);
  try {
    if (!chosen) throw new DeskhandError('VALIDATION_ERROR', 'No file was chosen. Choose the file first.');
    if (chosen.bytes.length > 300 * 1024) throw tooLarge();
    await submit(request, 'organization.set_logo', { file: chosen.bytes.toString('base64') });
    return { redirect: '/settings', said: { done: 'The logo is on your bills now.', warnings: [] } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.has(error.code)) throw error;
    const problem = [error.message, error.details.hint].filter(Boolean).join(' ');
    return showSettings(request, {
      form: logoForm,
      status: error.status,
      typed: {},
      problems: new Map([['file', problem]]),
    });
  }
}

const sayable = new Set(['VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE']);

export async function removeLogo(request: PageRequest): Promise<Answer> {
  await submit(request, 'organization.set_logo', { file: null });
  return { redirect: '/settings', said: { done: 'The logo is off your bills.', warnings: [] } };
}
