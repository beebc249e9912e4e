import type { ReadContext } from '../kernel/pipeline/context.ts';
import { endSessionsOfMember } from './queries.ts';

/** Signs somebody who leaves out of this business, for good: being restored later brings no old session back. */
export const leaveBusiness = (context: ReadContext, memberId: string): Promise<void> =>
  endSessionsOfMember(context, memberId);
