import type { RequestHandler, Router } from 'express';
import { membersOnly } from '../answer.ts';
import {
  endAssistant,
  endConnection,
  makeKey,
  renameAssistant,
  revokeKey,
  showAssistant,
  switchAssistant,
} from '../assistants/assistant.ts';
import { addAssistant, listAssistants, newAssistant } from '../assistants/assistants.ts';
import { showCalled } from '../connect/called.ts';
import { showConnect, takeBridge, takeBundle } from '../connect/connect.ts';
import { bridgeFile, bundleFile } from '../connect/hosts.ts';
import { askFromForm, deletePath, keepFromForm, showDelete } from '../exports/delete.ts';
import { exportsPath, fetchExport, runFromForm, showExports } from '../exports/exports.ts';
import { addAbsence, addHolidays, removeAbsence } from '../hours/absences.ts';
import { saveHours, showHours } from '../hours/hours.ts';
import { listImports, lookAt, runImport } from '../imports/imports.ts';
import { notTakenFile, showImport, undoImport } from '../imports/one.ts';
import { listUpload, readUpload } from '../imports/upload.ts';
import { addPerson, listPeople, newPerson } from '../people/people.ts';
import {
  changePerson,
  endPerson,
  restorePerson,
  saveHoursOf,
  sendLink,
  showPerson,
} from '../people/person.ts';
import { addPrice, changePrice, newPrice, offer, showPrice } from '../prices/price.ts';
import { listPrices } from '../prices/prices.ts';
import { reprice } from '../prices/reprice.ts';
import type { Answer, PageRequest, Site } from '../site.ts';
import {
  changeWebForm,
  closeWebForm,
  createWebForm,
  listForms,
  showForm,
  tryForm,
} from '../website-form/website-form.ts';
import { forOffice } from './office.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/**
 * Everything an owner sets up has its page here. The pages are for the office; technicians get the friendly refusal. Opened by
 * hand, the address of a button leads to the page it stands on.
 */
export function addSetUp(router: Router, site: Site, routes: { page: Route; form: Route }): void {
  const page: Route = (path, handle) => routes.page(path, forOffice(handle));
  const form: Route = (path, handle) => routes.form(path, forOffice(handle));
  const back = (path: string, to: (ref: string) => string) =>
    page(path, async ({ http }) => ({
      redirect: to(encodeURIComponent(String(http.params.id ?? http.params.ref ?? ''))),
    }));

  addPeople(page, form, back);
  addAssistants(page, form, back);
  page('/website-form', request => listForms(request));
  form('/website-form', createWebForm);
  page('/website-form/:ref', request => showForm(request));
  form('/website-form/:ref', changeWebForm);
  page('/website-form/:ref/try', tryForm);
  form('/website-form/:ref/close', closeWebForm);
  back('/website-form/:ref/close', ref => `/website-form/${ref}`);
  page('/hours', request => showHours(request));
  form('/hours', saveHours);
  form('/absences', request =>
    addAbsence(request, (again, member, refusal) =>
      member === '' ? showHours(again, refusal) : showPerson(again, refusal, member),
    ),
  );
  form('/absences/remove', request => removeAbsence(request, refusal => showHours(request, refusal)));
  form('/absences/holidays', request => addHolidays(request, refusal => showHours(request, refusal)));
  for (const path of ['/absences', '/absences/remove', '/absences/holidays']) back(path, () => '/hours');
  addPrices(page, form, back);
  addImports(router, site, { page, form, back });
}

type Back = (path: string, to: (ref: string) => string) => unknown;

function addPeople(page: Route, form: Route, back: Back): void {
  page('/people', request => listPeople(request));
  page('/people/new', request => newPerson(request));
  form('/people/new', addPerson);
  page('/people/:id', request => showPerson(request));
  form('/people/:id', changePerson);
  form('/people/:id/hours', saveHoursOf);
  form('/people/:id/link', sendLink);
  form('/people/:id/end', endPerson);
  form('/people/:id/restore', restorePerson);
  for (const verb of ['hours', 'link', 'end']) back(`/people/:id/${verb}`, id => `/people/${id}`);
  back('/people/:id/restore', () => '/people');
}

function addAssistants(page: Route, form: Route, back: Back): void {
  page('/assistants', listAssistants);
  page('/assistants/new', request => newAssistant(request));
  form('/assistants/new', addAssistant);
  page('/assistants/:id', request => showAssistant(request));
  form('/assistants/:id', renameAssistant);
  form('/assistants/:id/end-connection', endConnection);
  form('/assistants/:id/pause', request => switchAssistant(request, 'pause'));
  form('/assistants/:id/resume', request => switchAssistant(request, 'resume'));
  form('/assistants/:id/key', makeKey);
  form('/assistants/:id/revoke-key', revokeKey);
  form('/assistants/:id/end', endAssistant);
  for (const verb of ['pause', 'resume', 'key', 'revoke-key', 'end-connection', 'end'])
    back(`/assistants/:id/${verb}`, id => `/assistants/${id}`);
  page('/connect', showConnect);
  page('/connect/called', showCalled);
  page(`/connect/${bundleFile}`, takeBundle);
  page(`/connect/${bridgeFile}`, takeBridge);
}

function addPrices(page: Route, form: Route, back: Back): void {
  page('/prices', listPrices);
  page('/prices/new', request => newPrice(request));
  form('/prices/new', addPrice);
  page('/prices/:ref', request => showPrice(request));
  form('/prices/:ref', changePrice);
  form('/prices/:ref/archive', request => offer(request, false));
  form('/prices/:ref/offer', request => offer(request, true));
  form('/prices/:ref/reprice', request => reprice(request, showPrice));
  for (const verb of ['archive', 'offer', 'reprice']) back(`/prices/:ref/${verb}`, ref => `/prices/${ref}`);
}

function addImports(
  router: Router,
  site: Site,
  { page, form, back }: { page: Route; form: Route; back: Back },
): void {
  const members = membersOnly(site);
  const upload: RequestHandler = readUpload(site, listUpload);
  page(exportsPath, request => showExports(request));
  form(exportsPath, runFromForm);
  page(deletePath, request => showDelete(request));
  form(deletePath, askFromForm);
  form(`${deletePath}/keep`, keepFromForm);
  page(`${deletePath}/keep`, async () => ({ redirect: deletePath }));
  page(`${exportsPath}/:ref/file`, fetchExport);
  page('/imports', request => listImports(request));
  router.post('/imports/look', upload, members(forOffice(lookAt)));
  router.post('/imports/run', upload, members(forOffice(runImport)));
  for (const verb of ['look', 'run']) back(`/imports/${verb}`, () => '/imports');
  page('/imports/:ref', request => showImport(request));
  page('/imports/:ref/not-taken.csv', notTakenFile);
  form('/imports/:ref/undo', undoImport);
  back('/imports/:ref/undo', ref => `/imports/${ref}`);
}
