import type { Router } from 'express';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { membersOnly } from '../answer.ts';
import { submit, typedTexts } from '../forms.ts';
import { readUpload } from '../imports/upload.ts';
import type { Answer, PageRequest, Site } from '../site.ts';
import { type Draft, wanted, wasField } from './fields.ts';
import { logoPath, logoUpload, removeLogo, setLogo, showPicture } from './logo.ts';
import { pressStripeInvoices, removeSecret, secretsPath, setSecret, showSecrets } from './secrets.ts';
import { isForPeople, showSecurity, showSettings } from './settings.ts';
import { stripeInvoicesPath } from './stripe-invoices.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;
type Texts = Readonly<Record<string, string>>;

/** The settings page. Opened by hand, the address of a form leads to the page it stands on. */
export function addSettings(router: Router, site: Site, { page, form }: { page: Route; form: Route }): void {
  router.post(logoPath, readUpload(site, logoUpload), membersOnly(site)(setLogo));
  page(logoPath, async () => ({ redirect: '/settings' }));
  page(`${logoPath}/picture`, showPicture);
  form(`${logoPath}/remove`, removeLogo);
  page(`${logoPath}/remove`, async () => ({ redirect: '/settings' }));
  page('/settings', request => showSettings(request));
  form('/settings', request => save(request, '', businessChange(request, typedTexts(request))));
  page('/settings/security', request => showSecurity(request));
  page(secretsPath, request => showSecrets(request));
  form(stripeInvoicesPath, pressStripeInvoices);
  page(stripeInvoicesPath, async () => ({ redirect: secretsPath }));
  form(`${secretsPath}/set`, setSecret);
  form(`${secretsPath}/remove`, removeSecret);
  for (const verb of ['set', 'remove']) {
    page(`${secretsPath}/${verb}`, async () => ({ redirect: secretsPath }));
  }
  form('/settings/:domain', request => {
    const domain = String(request.http.params.domain);
    return save(request, domain, settingsChange(request, domain, typedTexts(request)));
  });
  page('/settings/:domain', async request => ({
    redirect: pathOfForm(request, String(request.http.params.domain)),
  }));
}

/** What was typed otherwise than it stood there; nothing else is touched. */
function settingsChange({ site }: PageRequest, domain: string, typed: Texts): Record<string, unknown> {
  const changed = [...site.app.registry.settings.values()]
    .filter(setting => setting.domain === domain && typed[setting.name] !== undefined)
    .filter(({ name }) => typed[name] !== typed[wasField(name)])
    .map(({ name }) => [name, typed[name] === '' ? null : typed[name]]);
  return changed.length === 0 ? {} : { settings: Object.fromEntries(changed), ...proofOf(typed) };
}

const proofOf = ({ passkey = '' }: Texts) => (passkey === '' ? {} : { passkey });

function businessChange({ identity }: PageRequest, typed: Texts): Record<string, unknown> {
  const { name, time_zone } = identity.organization;
  return {
    ...(typed.name === undefined || typed.name === name ? {} : { name: typed.name }),
    ...(typed.time_zone === undefined || typed.time_zone === time_zone ? {} : { time_zone: typed.time_zone }),
  };
}

/** The page the form of a domain stands on. */
const pathOfForm = ({ site }: PageRequest, domain: string): string =>
  isForPeople(site.app.registry.settings, domain) ? '/settings/security' : '/settings';

/** Changes what is different; what is refused is said beside its field, with everything that was typed. */
async function save(request: PageRequest, form: string, data: Record<string, unknown>): Promise<Answer> {
  const redirect = pathOfForm(request, form);
  if (Object.keys(data).length === 0) {
    return { redirect, said: { done: 'Nothing was different.', warnings: [] } };
  }
  try {
    const { warnings } = await submit(request, 'organization.update_settings', data);
    return { redirect, said: { done: 'The settings are saved.', warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    const draft = draftOf(request, form, error);
    return redirect === '/settings' ? showSettings(request, draft) : showSecurity(request, draft);
  }
}

/** What the page can say better than a page about an error. */
const sayable: readonly string[] = ['FORBIDDEN', 'VALIDATION_ERROR'];

function draftOf(request: PageRequest, form: string, error: DeskhandError): Draft {
  const { settings } = request.site.app.registry;
  const typed = typedTexts(request);
  const { field = '', hint, problems = [{ field, message: error.message }] } = error.details;
  const named = problems.map(({ field: path, message }): [string, string] => {
    const name = path.split('.').at(-1) ?? '';
    const sentence = (error.code === 'VALIDATION_ERROR' && wanted(settings, name)) || message;
    // What belongs to no field of the form is said on top of it, with what to do.
    return Object.hasOwn(typed, name) && name !== 'passkey'
      ? [name, sentence]
      : ['', [message, hint].filter(Boolean).join(' ')];
  });
  return { form, status: error.status, typed, problems: new Map(named) };
}
