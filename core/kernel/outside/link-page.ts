import type { Link, ReadContext } from '../pipeline/context.ts';
import type { Row } from '../records/record.ts';

// What somebody sees who opens a link of ours, and what can be done there.

/** Plain sentences for somebody who is no user of ours. */
export interface LinkPage {
  title: string;
  lines: readonly string[];
}

/** Something to be typed or chosen; `name` is how the browser sends it. */
export type LinkField =
  | { kind: 'words'; name: string; label: string; most: number }
  | { kind: 'one_of'; name: string; label: string; options: readonly { value: string; label: string }[] };

/** One of several things that can be done with a link: what it is called, what belongs to it, and its button. */
export interface LinkChoice {
  /** Sent as `choice` by its button, and said by an address that opens the page with this one chosen: `?choice=accept`. */
  value: string;
  label: string;
  lines?: readonly string[];
  fields?: readonly LinkField[];
  button: string;
}

/** Where somebody is led instead of being told something: the page of a payment service. */
export interface LeadsTo {
  leads_to: string;
}

/** What opening a link shows. */
export interface ShownLink extends LinkPage {
  /** Whose page it is, when the page says more than a sentence. */
  from?: string;
  /** The mark of whose page it is: one of the link's own files, in the size it is shown. */
  picture?: { file: string; width: number; height: number };
  /** What matters most, large: `Still to pay`, `$150.00`. What is pressed stands right below it. */
  amount?: { label: string; value: string; note?: string };
  /** Pages of others that may be gone to, as large as a button. */
  ways?: readonly { label: string; to: string }[];
  /** Lines with what each comes to, and the sums below them. */
  account?: LinkAccount;
  /** Words under a heading, which stand as they were written, line by line. */
  words?: readonly { heading: string; text: string }[];
  /** Files of this link that are opened: its name and what it is called. */
  files?: readonly { file: string; label: string }[];
  /** What leads back to it when a button was pressed; `Change my answer` when left out. */
  back?: string;
  /**
   * The same page once more, because something may have come in meanwhile. It is pressed: a page that loads itself anew takes
   * somebody who has it read aloud back to its beginning.
   */
  again?: { label: string; query: string };
  /** What it is about, label and value: `When`, `Tue, Nov 24, 9:00 AM`. */
  facts?: readonly (readonly [string, string])[];
  /** How else whoever sent it is reached. */
  phone?: { shown: string; number: string };
  /** The one button there is. */
  button?: string;
  /** Several of them. With neither, there is nothing to press: what it was for is over. */
  choices?: readonly LinkChoice[];
}

/** What is charged line by line, in words. */
export interface LinkAccount {
  lines: readonly { what: string; detail?: string; amount: string }[];
  /** Said below the lines when some of them are left out. */
  more?: string;
  sums: readonly { label: string; value: string; is_main?: boolean }[];
}

/** A file behind a link. It is written when the transaction it was looked up in has ended. */
export interface LinkFile {
  content_type: string;
  name: string;
  write(): Promise<Buffer> | Buffer;
}

/** What came with an address or a form, as texts. */
export type SaidByLink = Readonly<Record<string, string>>;

/** What a button does. */
export interface LinkDeed {
  action: string;
  input(link: Link, said: SaidByLink): Record<string, unknown>;
  /** What is said when it is done, or where it leads; made of what the action answered. */
  done: LinkPage | ((answer: Record<string, unknown>) => LinkPage | LeadsTo);
}

/**
 * What may be done with a link of ours. Opening it shows and changes nothing (mail scanners open every link); a
 * button does it.
 */
export interface LinkSpec extends LinkDeed {
  purpose: string;
  /** `u`: the link is `/u/<token>`. */
  path: string;
  summary: string;
  /** The record it is about. */
  subject: string;
  /** Whether it is dead as soon as its subject is another version than the one it was made for. */
  is_bound_to_version: boolean;
  /** What a version is, where not every change of the row makes another. A whole number. */
  versionOf?(row: Row): number;
  /** For how long it is good. */
  days: number;
  /** It is not used up: whoever thinks again may press another button, and the last one counts. */
  stays_good?: true;
  /**
   * A subject has one: whoever makes another gets the same, until little of its time is left. Every mail and paper about it has
   * one address then.
   */
  is_shared?: true;
  /** `asked` is what stands behind the address. */
  shows(context: ReadContext, link: Link, asked: SaidByLink): Promise<ShownLink>;
  /** What buttons do that do something else, by the value of their choice. */
  others?: Readonly<Record<string, LinkDeed>>;
  /** A button of it may lead to the page of somebody else, by https. */
  leads_out?: true;
  /** What is found behind its address, `/<path>/<token>/<name>`; `address` is that of the link. Undefined where there is none. */
  files?: Readonly<
    Record<string, (context: ReadContext, link: Link, address: string) => Promise<LinkFile | undefined>>
  >;
}

/** The deed of what was pressed. */
export const deedOf = (spec: LinkSpec, { choice = '' }: SaidByLink): LinkDeed =>
  (Object.hasOwn(spec.others ?? {}, choice) && spec.others?.[choice]) || spec;

/** Every action a link may do. */
export const actionsOf = ({ action, others = {} }: LinkSpec): string[] => [
  action,
  ...Object.values(others).map(deed => deed.action),
];

export const defineLink = (link: LinkSpec): LinkSpec => link;
