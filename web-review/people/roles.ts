/** What each role may do, in the words of a small business. The core decides; this says it. */
const roleWords: Readonly<Record<string, readonly [label: string, may: string]>> = {
  technician: [
    'Technician',
    'sees and closes out their own visits on the phone; no other customers, no money',
  ],
  member: ['Office', 'customers, calendar, inquiries and bills; no settings, no people'],
  admin: ['Admin', 'everything of the office, and settings, people and the assistant’s keys'],
  owner: ['Owner', 'everything, and decides what the assistant may do'],
};

/** `Office` for `member`. */
export const roleLabel = (role: string): string => roleWords[role]?.[0] ?? role;

/** Roles as a form offers them, the one that is needed most first. */
export const roleChoices: readonly (readonly [role: string, label: string, may: string])[] = Object.entries(
  roleWords,
).map(([role, [label, may]]) => [role, label, may]);
