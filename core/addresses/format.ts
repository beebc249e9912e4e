/** What of an address is written on paper. */
export interface Postal {
  line1: string;
  line2?: string | null;
  city?: string | null;
  state?: string | null;
  postal_code?: string | null;
}

/** `123 Main Street, Madison, AL 35758`: an address on one line, without what is not known. */
export function formatAddress({ line1, line2, city, state, postal_code }: Postal): string {
  return [line1, line2, city, [state, postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}

/** `123 Main Street` and `Madison, AL 35758`: the same as it stands on a letter. */
export function postalLines({ line1, line2, city, state, postal_code }: Postal): string[] {
  const place = [city, [state, postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return [line1, line2, place].flatMap(line => line || []);
}
