import { Temporal } from 'temporal-polyfill';
import type { Database, Tx } from '../kernel/database/db.ts';
import { newId } from '../kernel/database/ids.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { ModelFailure, type UsageMeter } from '../kernel/outside/language-model.ts';
import { authenticate } from '../kernel/pipeline/authenticate.ts';
import type { Organization } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { messageOf } from '../kernel/words/message-of.ts';
import { addOutcome, countRequest } from './queries.ts';
import { requestsPerDay } from './settings.ts';

export interface MeterOptions {
  /** The system's clock when left out. */
  clock?: () => Temporal.Instant;
  /** Told what could not be counted. */
  onProblem?: ((message: string, facts: Record<string, unknown>) => void) | undefined;
}

/**
 * Counts requests to the language model per organization, day in its time zone, model and purpose (NOT-07), in short
 * transactions of its own: tokens are spent even when what they were spent for is refused. Of many requests at once
 * exactly as many pass as the day has left. A count that fails never breaks an answer.
 */
export function openUsageMeter(
  db: Database,
  { clock = () => Temporal.Now.instant(), onProblem }: MeterOptions = {},
): UsageMeter {
  const inside = <T>(organization_id: string, work: (tx: Tx, organization: Organization) => Promise<T>) =>
    db.transaction('read write', async tx => {
      const caller = { via: 'system', organization_id, name: 'language model' } as const;
      const { organization } = await authenticate(tx, caller, { request_id: newId() });
      return work(tx, organization);
    });

  const tell = (error: unknown) =>
    onProblem?.('a request to the language model could not be counted', {
      error: messageOf(error),
    });

  return {
    async claim({ organization_id, purpose, model }) {
      try {
        const key = await inside(organization_id, async (tx, organization) => {
          const day = clock().toZonedDateTimeISO(organization.time_zone).toPlainDate().toString();
          const most = settingOf({ organization }, requestsPerDay);
          // None slips past the limit while another is counted.
          await lockInBusiness({ tx, organization }, 'llm');
          if (await countRequest(tx, organization, { day, model, purpose }, most))
            return { day, model, purpose };
          throw new ModelFailure('limited', usedUp(most));
        });
        return outcome =>
          inside(organization_id, (tx, organization) => addOutcome(tx, organization, key, outcome)).catch(
            tell,
          );
      } catch (error) {
        if (error instanceof ModelFailure) throw error;
        tell(error);
        return () => Promise.resolve();
      }
    },
  };
}

const usedUp = (most: number): string =>
  most === 0
    ? 'The language model is switched off here (llm_requests_per_day is 0).'
    : `Today’s ${most} requests to the language model are used up; the owner can raise llm_requests_per_day.`;
