import { DeskhandError } from '../../core/kernel/words/errors.ts';
import type { Answer, PageRequest } from '../site.ts';

/** A route for those who work in the office. For a technician there is nothing here, whatever the lists would show them. */
export const forOffice =
  (handle: (request: PageRequest) => Promise<Answer>) =>
  async (request: PageRequest): Promise<Answer> => {
    if (request.identity.actor.role === 'technician')
      throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
    return handle(request);
  };
