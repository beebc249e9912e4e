import { counted } from '../kernel/words/plural.ts';

/** What a row of each kind of import is called. */
export const kindNouns: Readonly<Record<string, string>> = {
  contacts: 'customer',
  companies: 'company',
  services: 'service',
  tickets: 'visit',
  invoices: 'bill',
  leads: 'inquiry',
  notes: 'note',
};

/** `1 customer`, `12 visits`. */
export const countRows = (count: number, kind: string): string => counted(count, kindNouns[kind] ?? 'row');
