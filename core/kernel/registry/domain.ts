import type { ConnectorName } from '../outside/connectors.ts';
import type { FeedSpec } from '../outside/feeds.ts';
import type { LinkSpec } from '../outside/links.ts';
import type { PublicRoute } from '../outside/public-route.ts';
import type { SecretSpec } from '../outside/seal.ts';
import type { WebhookSpec } from '../outside/webhooks.ts';
import type { RecordSpec } from '../records/record.ts';
import type { Indexed } from '../search/indexed.ts';
import type { Aliases } from '../words/parse-input.ts';
import type { Automation } from './automation.ts';
import type { Action } from './define.ts';
import type { EventSpec } from './event.ts';
import type { JobHandler } from './job.ts';
import type { SettingSpec, Settings } from './settings.ts';
import type { TimerSpec } from './timer.ts';
import type { View } from './view.ts';
import type { WaitingSpec } from './waiting.ts';

/** Everything one domain registers, in reading order. */
export interface Domain {
  name: string;
  /** What people call it, where its name is no word of theirs: `language model`. */
  label?: string;
  summary: string;
  /** What an owner would look for it under, where agents are given freedom; with the settings when left out. */
  area?: string;
  /** `ours` when everything here is the owner's own (price list, people, agents) and no customer's or stranger's words. */
  whose?: 'ours';
  /** What all its actions could widen, as with an action. */
  widens?: string;
  /** Why none of its actions is taken back, as with an action. */
  why_not_undone?: string;
  /** The scope whose tokens may do what this domain does, besides looking: `calendar`. */
  scope?: string;
  records?: readonly RecordSpec[];
  actions?: readonly Action[];
  views?: readonly View[];
  /** What the business decides for itself about this domain. */
  settings?: readonly SettingSpec[];
  /** Actions and views that are made of what all domains declare. */
  derive?(declared: Declared): Pick<Domain, 'actions' | 'views'>;
  jobs?: readonly JobHandler<ConnectorName>[];
  /** What happens here that others may hear of. */
  events?: readonly EventSpec[];
  automations?: readonly Automation[];
  timers?: readonly TimerSpec[];
  /** What search finds besides the records (UNI-02). */
  indexed?: readonly Indexed[];
  /** Addresses any web site may post a form to. */
  routes?: readonly PublicRoute[];
  /** Events that services outside tell us of. */
  webhooks?: readonly WebhookSpec[];
  /** What a customer may do with a link of ours. */
  links?: readonly LinkSpec[];
  /** What programs of people read by an address of their own. */
  feeds?: readonly FeedSpec[];
  /** Secrets each business may keep sealed. */
  secrets?: readonly SecretSpec[];
  /** What of it waits for somebody, with its count in the inbox. */
  waits?: readonly WaitingSpec[];
  /** Database constraints of this domain's tables and the refusal each one means. */
  constraints?: Readonly<Record<string, ConstraintMeaning>>;
  /** What people call members of inputs, wherever they occur: `{contact_id: ['customer']}`. */
  aliases?: Aliases;
  /**
   * One input of the plain `create` of each record, in the names of the story; the examples of update, delete and
   * restore follow from it. By the record's name.
   */
  examples?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the domains of an installation declare together. */
export interface Declared {
  settings: Settings;
}

export interface ConstraintMeaning {
  code: 'CONFLICT' | 'INVALID_STATE' | 'NOT_FOUND' | 'VALIDATION_ERROR' | 'TICKET_CLOSED';
  message: string;
  field?: string;
  hint?: string;
}

export const defineDomain = (domain: Domain): Domain => domain;
