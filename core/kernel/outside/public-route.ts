import type { Caller } from '../pipeline/context.ts';

/** A field of a public form, in the order of the page. */
export interface PublicField {
  name: string;
  /** What people read beside it. */
  label: string;
  type: 'text' | 'area';
  autocomplete: string;
  is_needed: boolean;
}

/**
 * An address any page of any web site may post a form to, without credentials: a public key in it says which business is
 * meant. JSON gets JSON; a plain HTML form gets a page. No cookie is ever looked at.
 */
export interface PublicRoute {
  method: 'POST';
  path: string;
  summary: string;
  /** What people type. Members that are neither these nor `traps` are left out. */
  fields: readonly PublicField[];
  /** Members no person sees: programs that fill in whatever they find give themselves away. */
  traps: readonly string[];
  /** Where the public key stands, and what is said when it is missing or good for nothing. */
  key: { field: string; header: string; missing: Refusal; unknown: Refusal };
  /** Whom the key makes of the sender. */
  caller(key: string): Caller;
  /** What is done with it, `lead.submit_form`. */
  action: string;
  /** The member that says of which page the form is, as the browser names it; nobody types it. */
  came_from: string;
  /** Largest body, in bytes. */
  limit_bytes: number;
  /** How many are taken in a minute from one address and with one key. */
  per_minute: { address: number; key: number };
  /** What a script is told, whatever became of it. */
  answer: Record<string, unknown>;
  thanks: { title: string; text: string };
}

interface Refusal {
  message: string;
  hint: string;
}

export const definePublicRoute = (route: PublicRoute): PublicRoute => route;
