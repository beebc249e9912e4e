import { estimateTokens } from '../kernel/words/tokens.ts';

/** One line of a briefing and how many things it tells of. */
export interface Line {
  text: string;
  things: number;
}

/** One part of a briefing: the lines there may be room for, and how many things there are in all. */
export interface Section {
  lines: readonly Line[];
  total: number;
  /** The call that shows all of them. */
  all: string;
  /** How dear its lines are: twice as much stays of a section that weighs twice as much. */
  weight: number;
  /** Says nothing that the other parts do not say: it stands there whole or not at all, and goes first. */
  isExtra?: boolean;
}

export type Sections = Readonly<Record<string, Section>>;

/**
 * The lines of every section, cut until what is made of them has no more than so many tokens: of the longest section the
 * last line goes first, and how many are left out stands in its place together with the call that shows them. A section
 * without lines is left out.
 */
export function fitSections(
  sections: Sections,
  most_tokens: number,
  describe: (lines: Record<string, string[]>) => unknown,
): Record<string, string[]> {
  const shown = new Map(Object.entries(sections).map(([name, { lines }]) => [name, lines.length]));
  for (;;) {
    const lines = Object.fromEntries(
      Object.entries(sections)
        .filter(([name, section]) => section.total > 0 && !(section.isExtra && shown.get(name) === 0))
        .map(([name, section]) => [name, linesOf(section, shown.get(name) ?? 0)]),
    );
    const longest = longestOf(sections, shown);
    if (longest === undefined || estimateTokens(JSON.stringify(describe(lines))) <= most_tokens) return lines;
    shown.set(longest, sections[longest]?.isExtra ? 0 : (shown.get(longest) ?? 0) - 1);
  }
}

function linesOf({ lines, total, all }: Section, shown: number): string[] {
  const kept = lines.slice(0, shown);
  const left = total - kept.reduce((sum, { things }) => sum + things, 0);
  return [
    ...kept.map(({ text }) => text),
    ...(left > 0 ? [`${shown > 0 ? 'and ' : ''}${left} more: ${all}`] : []),
  ];
}

function longestOf(sections: Sections, shown: ReadonlyMap<string, number>): string | undefined {
  const [longest] = Object.entries(sections)
    .map(([name, { lines, weight, isExtra }]) => {
      const kept = lines.slice(0, shown.get(name));
      const tokens = kept.reduce((sum, { text }) => sum + estimateTokens(text), 0);
      return { name, share: isExtra && tokens > 0 ? Number.MAX_VALUE : tokens / weight };
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
  return longest?.name;
}

/** Lines of one thing each. */
export const oneEach = (texts: readonly string[]): Line[] => texts.map(text => ({ text, things: 1 }));
