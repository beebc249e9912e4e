import express, { type Router } from 'express';
import { Temporal } from 'temporal-polyfill';
import type { App } from '../core/app.ts';
import type { Database } from '../core/kernel/database/db.ts';
import { createPuzzles, type Puzzles } from '../core/kernel/outside/puzzles.ts';
import { addAnalytics } from './analytics/analytics.ts';
import { membersOnly, notFound, refuse } from './answer.ts';
import { loadAssets } from './assets.ts';
import { decideFacts, listUnconfirmed } from './attributes/unconfirmed.ts';
import { bookFromForm, showBook } from './book/book.ts';
import { showCalendar } from './calendar/calendar.ts';
import { endAddress, makeAddress, showSubscribe, subscribePath } from './calendar/subscribe.ts';
import { showCapabilities, showDomain } from './capabilities/capabilities.ts';
import { addCloseOut } from './close-out/routes.ts';
import type { Connecting } from './connections/connecting.ts';
import { addConnections } from './connections/routes.ts';
import { addNote, showContact } from './contacts/contact.ts';
import { listDuplicates, mergeFromForm, takeBackFromForm } from './contacts/duplicates.ts';
import { confirmEmail, writeAgain } from './contacts/emails.ts';
import { exportFromForm } from './contacts/export.ts';
import { addFact, confirmFacts, decideFact } from './contacts/facts.ts';
import { listContacts } from './contacts/list.ts';
import { createContact, showNewContact } from './contacts/new.ts';
import {
  companyOf,
  customerOf,
  sendStatement,
  showStatement,
  showStatementPaper,
} from './contacts/statement.ts';
import { cookiesOf } from './cookies.ts';
import { listDone, undoDone } from './done/done.ts';
import { showHome } from './home/home.ts';
import { showInbox } from './inbox/inbox.ts';
import { listFollowUps } from './interactions/follow-ups.ts';
import { addTask, finishTask } from './interactions/tasks.ts';
import { showTimeline } from './interactions/timeline.ts';
import { addInvoices } from './invoices/routes.ts';
import { addLeads } from './leads/routes.ts';
import { live } from './live/live.ts';
import { addMessages } from './messages/messages.ts';
import { showOutbox } from './messages/outbox.ts';
import { showMore } from './more.ts';
import { addPasskeys } from './passkeys/routes.ts';
import { addRecords } from './records/routes.ts';
import { addReview } from './review/routes.ts';
import { openRecord } from './search/open.ts';
import { showResults, showSearch } from './search/search.ts';
import { addSeries } from './series/series.ts';
import { endOne, endOthers, showSessions } from './sessions/sessions.ts';
import { addSettings } from './settings/routes.ts';
import { addSetUp } from './settings/set-up-routes.ts';
import type { LinkLimits } from './sign-in/limits.ts';
import { addSignIn } from './sign-in/routes.ts';
import type { Answer, PageRequest, Site } from './site.ts';
import { addTemplates } from './templates/templates.ts';
import { addTickets } from './tickets/routes.ts';
import { undoFromForm } from './undo.ts';
import { offerFromForm, showGaps } from './waitlist/gaps.ts';

export interface PagesOptions {
  app: App;
  db: Database;
  /** Where people reach the server, without a slash at the end. */
  baseUrl: string;
  /** Of the installation; mails are written into its folder `outbox`. */
  dataDir: string;
  /** Whether to say how to sign in to the demo business. */
  demo: boolean;
  /** The time as the business sees it; the system's clock when left out. */
  clock?: () => Temporal.Instant;
  /** Told about defects and outages, never about refusals. */
  onDefect?: (error: unknown, request_id: string) => void;
  linkLimits?: LinkLimits;
  /** What is asked of whoever wants links too often. */
  puzzles?: Puzzles;
  /** Lets people connect programs; without it these pages are not there. */
  connecting?: Connecting;
}

/**
 * The web pages. Mount it at `/` behind everything else: an address it does not know is its friendly 404. Each page is
 * a function of data, each route parses, calls and renders; what a person may do is decided by `app` alone.
 */
export function createPages(options: PagesOptions): Router {
  const { app, db, baseUrl, dataDir, demo, clock = () => Temporal.Now.instant() } = options;
  const cookies = cookiesOf(baseUrl);
  const assets = loadAssets();
  const { puzzles = createPuzzles(), connecting } = options;
  const site: Site = { app, db, baseUrl, dataDir, demo, clock, cookies, assets, puzzles, connecting };
  const router = express.Router();
  // The longest note, every character percent-encoded, fits, and every line of the longest list; little else does.
  const readForm = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 300 });
  const members = membersOnly(site);
  const page = (path: string, show: (request: PageRequest) => Promise<Answer>) =>
    router.get(path, members(show));
  const form = (path: string, handle: (request: PageRequest) => Promise<Answer>) =>
    router.post(path, readForm, members(handle));

  router.get('/static/:name', (request, response, next) => {
    if (!assets.serve(request, response, request.params.name)) next();
  });
  router.get('/service-worker.js', (request, response) => {
    assets.serve(request, response, 'service-worker.js');
  });
  // Everything else is about customers or hands out secrets: nobody keeps a copy.
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  addSignIn(router, site, options.linkLimits ?? { per_ip: 30, per_address: 5 }, readForm);

  if (connecting) addConnections(router, site, { connecting, readForm, members });

  router.get('/live', live(site));
  page('/', showHome);
  page('/calendar', showCalendar);
  page(subscribePath, request => showSubscribe(request));
  form(subscribePath, makeAddress);
  form(`${subscribePath}/end`, endAddress);
  page(`${subscribePath}/end`, async () => ({ redirect: subscribePath }));
  page('/book', showBook);
  form('/book', bookFromForm);
  page('/inbox', showInbox);
  page('/more', showMore);
  page('/contacts', listContacts);
  page('/contacts/new', request => showNewContact(request));
  form('/contacts/new', createContact);
  page('/contacts/:ref', request => showContact(request));
  for (const [home, of] of [
    ['/contacts/:ref', customerOf],
    ['/records/companies/:ref', companyOf],
  ] as const) {
    page(`${home}/statement`, request => showStatement(request, of(request)));
    form(`${home}/statement`, request => sendStatement(request, of(request)));
    page(`${home}/statement/pdf`, request => showStatementPaper(request, of(request)));
  }
  form('/contacts/:ref/notes', addNote);
  form('/contacts/:ref/facts', request => addFact(request, draft => showContact(request, draft)));
  form('/contacts/:ref/facts/confirm', confirmFacts);
  form('/contacts/:ref/emails/confirm', confirmEmail);
  form('/contacts/:ref/emails/write-again', writeAgain);
  form('/contacts/:ref/export', exportFromForm);
  page('/contacts/:ref/timeline', request => showTimeline(request, 'contact'));
  page('/gaps', request => showGaps(request));
  form('/gaps/offer', offerFromForm);
  page('/duplicates', listDuplicates);
  form('/duplicates/merge', mergeFromForm);
  form('/duplicates/take-back', takeBackFromForm);
  page('/facts', request => listUnconfirmed(request));
  form('/facts', decideFacts);
  form('/facts/:ref/confirm', request => decideFact(request, 'confirm'));
  form('/facts/:ref/drop', request => decideFact(request, 'drop'));
  page('/follow-ups', request => listFollowUps(request));
  form('/follow-ups/new', addTask);
  form('/follow-ups/:ref/done', finishTask);
  page('/search', showSearch);
  page('/search/results', showResults);
  page('/open/:kind/:ref', openRecord);
  page('/capabilities', showCapabilities);
  page('/capabilities/:domain', showDomain);
  page('/outbox', showOutbox);
  page('/done', request => listDone(request));
  form('/done/undo', undoDone);
  addTickets(page, form);
  addSeries(page, form);
  addInvoices(page, form);
  addAnalytics(page);
  addCloseOut(router, members);
  addLeads(page, form);
  addMessages(page, form);
  addTemplates(page, form);
  addRecords(page, form);
  addReview(page, form);
  addSettings(router, site, { page, form });
  addSetUp(router, site, { page, form });
  addPasskeys(router, site, readForm, { page, form });
  form('/undo', undoFromForm);
  page('/sessions', showSessions);
  form('/sessions/end', endOne);
  form('/sessions/end-others', endOthers);

  router.use(notFound(site));
  router.use(refuse(site, options.onDefect));
  return router;
}
