import type { Effort, Group } from './digit-groups.ts';
import type { Plain } from './plain-letters.ts';

export type RedactionKind = 'CARD' | 'SSN' | 'CVV' | 'KEY' | 'LINK';

/** A number that was found: where it stands in the text, and what takes its place. */
export type Span = { kind: RedactionKind; start: number; end: number; label: string };

/** `shape` is how long its groups are: `-4-4-4-4`. */
export type Window = { first: number; last: number; digits: string; shape: string };

/** A text that is looked through: its groups, what was found among them, and how much work it was. */
export type Scan = { plain: Plain; groups: Group[]; spans: Span[]; effort: Effort };

export const LONGEST_CARD = 19;

/** The groups from `first` on that are joined, as windows of up to `most` groups and 19 digits. */
export function windowsFrom(scan: Scan, first: number, most: number, joining = /./): Window[] {
  const windows: Window[] = [];
  let digits = '';
  let shape = '';
  for (let last = first; last < first + most; last += 1) {
    const group = scan.groups[last];
    if (!group || group.taken || (last > first && !joining.test(group.link))) break;
    digits += group.digits;
    if (digits.length > LONGEST_CARD) break;
    shape += `-${group.digits.length}`;
    scan.effort.steps += 1;
    windows.push({ first, last, digits, shape });
  }
  return windows;
}

/** Notes what a window holds, and leaves its groups to nobody else. `rest` is what may be known of it. */
export function take(scan: Scan, window: Window, kind: RedactionKind, rest = ''): void {
  const taken = scan.groups.slice(window.first, window.last + 1);
  const start = scan.plain.starts[taken[0]?.start ?? 0] ?? 0;
  const end = scan.plain.ends[(taken.at(-1)?.end ?? 0) - 1] ?? 0;
  for (const group of taken) group.taken = true;
  scan.spans.push({ kind, start, end, label: `[REDACTED ${kind}${rest}]` });
}
