import type { ArchiveStore } from './archive-store.ts';
import type { LanguageModel } from './language-model.ts';
import type { MailTransport } from './mail.ts';
import type { OpenPayments, PaymentService } from './payment-service.ts';

/** The clients for the outside world, under the names by which jobs and `prepare` steps ask for them. */
export interface Connectors {
  /** Where files lie that are fetched later. */
  archives: ArchiveStore;
  mail: MailTransport;
  /** Undefined when no endpoint is configured (decision 9). */
  model: LanguageModel | undefined;
  /** Opens the service with the key of the business that is worked for, which nobody else gets to see. */
  payments: OpenPayments;
}
export type ConnectorName = keyof Connectors;

/** What an installation has, as the composition root gives it. */
export type GivenConnectors = Readonly<
  Partial<
    Omit<Connectors, 'archives' | 'payments'> & {
      archives: ArchiveStore | undefined;
      /** Opens the service with the key of a business; undefined where nobody is to pay by one. */
      payments: ((organization_id: string) => Promise<PaymentService | undefined>) | undefined;
    }
  >
>;

/** Something that asks for connectors: a kind of job, or an action with a `prepare` step. */
export interface ConnectorUser {
  /** `the job email` */
  name: string;
  wants: readonly ConnectorName[] | undefined;
}

/**
 * What one user has asked for. Whatever else it reaches for, it has not declared, and gets an error instead: what a job
 * touches outside is read from its registration and from nowhere else.
 */
export function connectorsFor(
  user: ConnectorUser,
  given: GivenConnectors,
  organization_id: string,
): Connectors {
  return {
    get archives() {
      requireWanted(user, 'archives');
      if (given.archives === undefined) throw notGiven(user, 'archives');
      return given.archives;
    },
    get mail() {
      requireWanted(user, 'mail');
      if (given.mail === undefined) throw notGiven(user, 'mail');
      return given.mail;
    },
    get model() {
      requireWanted(user, 'model');
      return given.model;
    },
    get payments() {
      requireWanted(user, 'payments');
      return async () => given.payments?.(organization_id);
    },
  };
}

/** Throws at the start when somebody wants a connector that this process does not have. */
export function requireConnectors(users: readonly ConnectorUser[], given: GivenConnectors): void {
  for (const user of users) {
    const missing = user.wants?.find(name => !Object.hasOwn(given, name));
    if (missing !== undefined) throw notGiven(user, missing);
  }
}

function requireWanted({ name, wants }: ConnectorUser, connector: ConnectorName): void {
  if (wants?.includes(connector)) return;
  throw new Error(`${name} uses the connector ${connector} without naming it in connectors`);
}

const notGiven = ({ name }: ConnectorUser, connector: string) =>
  new Error(`${name} wants the connector ${connector}, which this process was not given`);
