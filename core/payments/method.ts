import type { PaymentMethod } from './record.ts';

const told: readonly (readonly [RegExp, PaymentMethod])[] = [
  [/\bche(?:ck|que)\b/i, 'check'],
  [/\bcash\b/i, 'cash'],
  [/\bcard\b/i, 'card'],
  [/\b(?:transfer|wire|ach|bank)\b/i, 'bank_transfer'],
];

/** How money came, by what was noted of it: `Check 1042`. */
export const methodIn = (note: string | undefined): PaymentMethod =>
  told.find(([words]) => words.test(note ?? ''))?.[1] ?? 'other';
