/** `123 Main Street, Madison, AL 35758`: an address on one line, without what is not known. */
export function formatAddress(address: {
  line1: string;
  line2?: string | null;
  city?: string | null;
  state?: string | null;
  postal_code?: string | null;
}): string {
  const { line1, line2, city, state, postal_code } = address;
  return [line1, line2, city, [state, postal_code].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}
