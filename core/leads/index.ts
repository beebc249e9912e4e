import { defineDomain } from '../kernel/registry/domain.ts';
import { archiveLead } from './archive.ts';
import { confirmExtraction } from './confirm-extraction.ts';
import { convertLead } from './convert.ts';
import { createLead } from './create.ts';
import { disqualifyLead } from './disqualify.ts';
import { endCallBacks } from './end-call-backs.ts';
import { leadConverted } from './events.ts';
import { extractLead } from './extract.ts';
import { extractLeadLater } from './extraction-job.ts';
import { leadFormRecord } from './form.ts';
import { leadFormRoute } from './form-route.ts';
import { leadRecord } from './lead.ts';
import { inquiriesWait } from './queries.ts';
import { reopenLead } from './reopen.ts';
import { setReminder } from './set-reminder.ts';
import { setStage } from './set-stage.ts';
import { setStatus } from './set-status.ts';
import { submitForm } from './submit-form.ts';

export const leads = defineDomain({
  name: 'lead',
  area: 'customers',
  summary: 'Inquiries, from the first call until they are customers or come to nothing.',
  aliases: { raw_notes: ['text', 'notes'], pipeline_stage: ['stage'] },
  examples: { lead: { raw_notes: 'Wants the gutters done as well.' } },
  records: [leadRecord],
  actions: [
    createLead,
    extractLead,
    confirmExtraction,
    setStatus,
    setStage,
    setReminder,
    convertLead,
    disqualifyLead,
    archiveLead,
    reopenLead,
    submitForm,
  ],
  waits: [inquiriesWait],
  routes: [leadFormRoute],
  jobs: [extractLeadLater],
  events: [leadConverted],
  automations: [endCallBacks],
});

export const leadForms = defineDomain({
  name: 'lead_form',
  summary: 'Forms on websites that hand in leads.',
  whose: 'ours',
  examples: { lead_form: { name: 'Website' } },
  records: [leadFormRecord],
});
