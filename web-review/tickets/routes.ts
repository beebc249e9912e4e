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

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** The pages of visits: choosing one, looking at it, and one form for each thing that can be done with it. */
export function addTickets(page: Route, form: Route): void {
  page('/tickets', listVisits);
  page('/tickets/:ref', request => showTicket(request));
  form('/tickets/:ref/clock-in', request => setClock(request, 'in'));
  form('/tickets/:ref/clock-out', request => setClock(request, 'out'));
  form('/tickets/:ref/notes', request => addVisitNote(request, draft => showTicket(request, draft)));
  page('/tickets/:ref/cancel', request => showCancel(request));
  form('/tickets/:ref/cancel', cancelFromForm);
  page('/tickets/:ref/rebook', request => showRebook(request));
  form('/tickets/:ref/rebook', rebookFromForm);
  page('/tickets/:ref/move', showMove);
  form('/tickets/:ref/move', moveFromForm);
  page('/tickets/:ref/assign', request => showAssign(request));
  form('/tickets/:ref/assign', assignFromForm);
  form('/tickets/:ref/accept-change', acceptChangeFromForm);
  page('/tickets/:ref/services', request => showServices(request));
  form('/tickets/:ref/services', changeServices);
}
