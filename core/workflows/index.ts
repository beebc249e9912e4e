import type { Workflow } from '../kernel/registry/define.ts';
import { dailyBriefing } from './daily-briefing.ts';
import { findCustomer } from './find-customer.ts';
import { handleRescheduleRequest } from './handle-reschedule-request.ts';
import { processLead } from './process-lead.ts';
import { scheduleAppointment } from './schedule-appointment.ts';
import { sendInvoice } from './send-invoice.ts';

/** The workflow tools, one file each, in the order an agent reads them. */
export const workflows: readonly Workflow[] = [
  findCustomer,
  scheduleAppointment,
  handleRescheduleRequest,
  processLead,
  sendInvoice,
  dailyBriefing,
];
