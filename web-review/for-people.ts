// The core says what to do next in the words of its actions, which is right for agents. People press buttons.

const technical =
  /\b[a-z]+(?:_[a-z]+)+\b(?!\S*@)|\b(?:absence|address|attribute|contact|invoice|lead|message|note|series|service|task|template|ticket|waitlist)\.[a-z_]+\b/;

/** A sentence of the core without what only says which action or member to use: `No price is set yet; set unit_price_cents.` */
export function forPeople(text: string): string {
  const kept = text.split(/(?<=[;.!?])\s+/).filter(part => !technical.test(part));
  return kept.join(' ').replace(/;$/, '.');
}

/** The same of several, without those of which nothing is left. */
export const allForPeople = (texts: readonly string[]): string[] => texts.map(forPeople).filter(Boolean);
