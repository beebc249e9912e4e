/**
 * What a row is called besides its reference, for where that is said already: `$269.00` of a payment called `PAY-1531 $269.00`.
 * '' when it is called nothing else.
 */
export function besideReference(label: string, reference: string): string {
  if (reference === '' || !label.startsWith(reference)) return label;
  const rest = label.slice(reference.length);
  // `PAY-15` begins `PAY-1531` and is another payment.
  return rest === '' || /^\s/.test(rest) ? rest.trim() : label;
}
