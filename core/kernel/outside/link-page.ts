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

/** What opening a link shows. */
export interface ShownLink extends LinkPage {
  /** Whose page it is, when the page says more than a sentence. */
  from?: string;
  /** What it is about, label and value: `When`, `Tue, Nov 24, 9:00 AM`. */
  facts?: readonly (readonly [string, string])[];
  /** How else whoever sent it is reached. */
  phone?: { shown: string; number: string };
  /** The one button there is. */
  button?: string;
  /** Several of them. With neither, there is nothing to press: what it was for is over. */
  choices?: readonly LinkChoice[];
}

/** What came with an address or a form, as texts. */
export type SaidByLink = Readonly<Record<string, string>>;

/**
 * What may be done with a link of ours. Opening it shows and changes nothing (mail scanners open every link); a
 * button does it.
 */
export interface LinkSpec {
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
  shows(context: ReadContext, link: Link): Promise<ShownLink>;
  /** What is said when it is done; made of what the action answered. */
  done: LinkPage | ((answer: Record<string, unknown>) => LinkPage);
  action: string;
  input(link: Link, said: SaidByLink): Record<string, unknown>;
}

export const defineLink = (link: LinkSpec): LinkSpec => link;
