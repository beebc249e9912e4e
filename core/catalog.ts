import { absences } from './absences/index.ts';
import { addresses } from './addresses/index.ts';
import { agents } from './agents/index.ts';
import { analytics } from './analytics/index.ts';
import { attributes } from './attributes/index.ts';
import { audit } from './audit/index.ts';
import { automations } from './automations/index.ts';
import { briefing } from './briefings/index.ts';
import { calendars } from './calendars/index.ts';
import { checkout } from './checkout/index.ts';
import { closeouts } from './closeout/index.ts';
import { companies } from './companies/index.ts';
import { connections } from './connections/index.ts';
import { contacts } from './contacts/index.ts';
import { deletions } from './deletions/index.ts';
import { exports } from './exports/index.ts';
import { imports } from './import/index.ts';
import { interactions } from './interactions/index.ts';
import { invoices } from './invoices/index.ts';
import type { Domain } from './kernel/registry/domain.ts';
import { leadForms, leads } from './leads/index.ts';
import { llm } from './llm/index.ts';
import { members } from './members/index.ts';
import { messages } from './messages/index.ts';
import { notes } from './notes/index.ts';
import { organizations } from './organizations/index.ts';
import { passkeys } from './passkeys/index.ts';
import { payments } from './payments/index.ts';
import { scheduling } from './scheduling/index.ts';
import { secrets } from './secrets/index.ts';
import { series } from './series/index.ts';
import { services } from './services/index.ts';
import { sessions } from './sign-in/index.ts';
import { statements } from './statements/index.ts';
import { tasks } from './tasks/index.ts';
import { templates } from './templates/index.ts';
import { tickets } from './tickets/index.ts';
import { waitlist } from './waitlist/index.ts';
import { webhooks } from './webhooks/index.ts';

/** Every domain of the business, one line each. A new domain is added here and nowhere else. */
export const catalog: readonly Domain[] = [
  contacts,
  addresses,
  companies,
  services,
  leads,
  leadForms,
  interactions,
  tasks,
  tickets,
  series,
  closeouts,
  scheduling,
  calendars,
  waitlist,
  absences,
  notes,
  attributes,
  invoices,
  payments,
  checkout,
  statements,
  analytics,
  briefing,
  messages,
  templates,
  imports,
  exports,
  deletions,
  automations,
  audit,
  llm,
  organizations,
  members,
  agents,
  connections,
  passkeys,
  sessions,
  secrets,
  webhooks,
];
