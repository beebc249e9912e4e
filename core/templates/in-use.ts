import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { MessageKind } from '../messages/record.ts';
import { findActiveTemplate } from './queries.ts';
import type { Template } from './template.ts';

/** The words a business uses for a kind of mail; undefined while it uses those of the house. */
export const wordsInUse = (context: ReadContext, kind: MessageKind): Promise<Template | undefined> =>
  findActiveTemplate(context, kind);
