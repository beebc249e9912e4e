import type { ConnectorName, Connectors } from '../outside/connectors.ts';
import type { Job, JobOutcome } from '../outside/outbox.ts';
import type { Call, Outcome } from '../pipeline/invocation.ts';
import type { ReadQuery } from './view.ts';

/** What the worker does with one kind of job. Runs outside any transaction: this is where I/O belongs. */
export interface JobHandler<C extends ConnectorName = never> {
  kind: string;
  summary: string;
  /** Works inside the business alone: previews do not show it as something that goes out. */
  is_internal?: boolean;
  /** What it reaches outside. */
  connectors?: readonly C[];
  run(job: Job, tools: JobTools<C>): Promise<JobOutcome>;
  /**
   * Told once no attempt follows any more, whatever ended it: a failure that is final, the last attempt, or workers that died
   * during every one. Comes again when it fails itself.
   */
  gaveUp?(job: Job, tools: JobTools, why: string): Promise<void>;
}

/** What a job may reach: views and actions of its organization, the connectors it names, the installation's public address. */
export interface JobTools<C extends ConnectorName = never> {
  /** Rows of a view as the machine itself sees them. */
  read(organization_id: string, type: string, query: ReadQuery): Promise<Record<string, unknown>[]>;
  /** Runs an action as the machine itself, through the pipeline. */
  execute(organization_id: string, call: Call): Promise<Outcome>;
  /** Carries out an event a service has told us of, once. */
  executeEvent(
    event: { organization_id: string; provider: string; event: string },
    call: Call,
  ): Promise<Outcome>;
  /** The address of a link for a customer; its token is made here and nowhere else. */
  linkAddress(organization_id: string, purpose: string, id: string): string;
  connectors: Readonly<Pick<Connectors, C>>;
  base_url: string;
}
