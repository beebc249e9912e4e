import { fold } from '../../kernel/words/fold.ts';

/** A name of a column for comparing: letters and digits, whatever its case, accents and signs. */
export const plainName = (name: string): string => fold(name).replace(/[^\p{L}\p{N}]/gu, '');
