import { invalid } from '../../core/kernel/words/errors.ts';

/** `120`, `$120.50` and `1,234.5` in cents. Throws VALIDATION_ERROR about the field for anything else. */
export function readAmount(field: string, text: string): number {
  const [, whole = '', cents = ''] =
    /^\$?\s*(\d{1,8}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  if (whole === '') throw invalid(field, 'Write the amount like 120 or 120.50.', { got: text });
  return Number(whole.replaceAll(',', '')) * 100 + Number(cents.padEnd(2, '0'));
}
