import type { Attachment } from '../kernel/outside/mail.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { Carried } from './hand-over.ts';

/** The files that go along with a message, by its kind and what it is about. */
export async function attachmentsOf(_context: ReadContext, _message: Carried): Promise<Attachment[]> {
  return [];
}
