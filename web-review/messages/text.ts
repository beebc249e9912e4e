import { prose } from '../format.ts';
import type { Markup } from '../html.ts';

/**
 * The text of a mail as the office reads it: whoever reads it must not be able to sign in, or to answer, as the person its
 * links were made for. The links of customers get their addresses when the mail is delivered, and stand here as what they are.
 */
export const mailText = (text: string): Markup => prose(withoutLinks(text));

/** The same as one text, for where it stands in a sentence. */
export const withoutLinks = (text: string): string =>
  text
    .replace(/\/sign-in\/[\w-]+/g, '/sign-in/…')
    .replace(/\{\{\w+_link\}\}/g, '(a link that the customer alone gets)');
