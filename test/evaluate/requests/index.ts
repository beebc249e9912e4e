import { answers } from './answers.ts';
import { booking } from './booking.ts';
import { comingAgain } from './coming-again.ts';
import { customersAndLeads } from './customers.ts';
import { lookingUp } from './looking-up.ts';
import { money } from './money.ts';
import { refusals } from './refusals.ts';
import type { OfficeRequest } from './request.ts';
import { waitlist } from './waitlist.ts';

/** Everything that is asked of an agent, in the order of a day's groups. Each begins on the same morning. */
export const officeRequests: readonly OfficeRequest[] = [
  ...lookingUp,
  ...booking,
  ...waitlist,
  ...answers,
  ...comingAgain,
  ...customersAndLeads,
  ...money,
  ...refusals,
];
