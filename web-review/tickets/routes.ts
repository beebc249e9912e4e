import type { Answer, PageRequest } from '../site.ts';
import { acceptChangeFromForm } from './answer.ts';
import { assignFromForm, showAssign } from './assign.ts';
import { cancelFromForm, showCancel } from './cancel.ts';
import { setClock } from './clock-routes.ts';
import { listVisits } from './list.ts';
import { moveFromForm, showMove } from './move.ts';
import { addVisitNote } from './notes.ts';
import { rebookFromForm, showRebook } from './rebook.ts';
import { changeServices, showServices } from './services.ts';
import { showTicket } from './ticket.ts';

type Route = (path: string, handle: (visit: PageRequest) => Promise<Answer>) => unknown;

/** The pages of visits: choosing one, looking at it, and one form for each thing that can be done with it. */
export function addTickets(page: Route, form: Route): void {
  page('/tickets', listVisits);
  page('/tickets/:ref', visit => showTicket(visit));
  form('/tickets/:ref/clock-in', visit => setClock(visit, 'in'));
  form('/tickets/:ref/clock-out', visit => setClock(visit, 'out'));
  form('/tickets/:ref/notes', visit => addVisitNote(visit, draft => showTicket(visit, draft)));
  page('/tickets/:ref/cancel', visit => showCancel(visit));
  form('/tickets/:ref/cancel', cancelFromForm);
  page('/tickets/:ref/rebook', visit => showRebook(visit));
  form('/tickets/:ref/rebook', rebookFromForm);
  page('/tickets/:ref/move', showMove);
  form('/tickets/:ref/move', moveFromForm);
  page('/tickets/:ref/assign', visit => showAssign(visit));
  form('/tickets/:ref/assign', assignFromForm);
  form('/tickets/:ref/accept-change', acceptChangeFromForm);
  page('/tickets/:ref/services', visit => showServices(visit));
  form('/tickets/:ref/services', changeServices);
}
