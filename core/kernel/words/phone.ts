import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js';
import { invalid } from './errors.ts';
import { quoteStart } from './quote.ts';

/** A telephone number in E.164 (`+12565550142`), whatever way it was written. Throws VALIDATION_ERROR. */
export function readPhone(text: string, country: string, field: string): string {
  const number = parsePhoneNumberFromString(text, asCountry(country));
  if (!number?.isPossible()) {
    throw invalid(field, `${quoteStart(text, 40)} is not a telephone number.`, {
      got: text.slice(0, 40),
      hint: 'Write it with area code, such as (256) 555-0142, or with + and country code.',
    });
  }
  return number.number;
}

/** The number as people of its country write it: `(256) 555-0142`. */
export function formatPhone(number: string, country: string): string {
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed) return number;
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
}

/** The tokens a number is found by: all digits, national digits, the last seven and the last four. */
export function phoneTerms(number: string): string[] {
  const digits = number.replace(/\D/g, '');
  return [...new Set([digits, digits.slice(-10), digits.slice(-7), digits.slice(-4)])];
}

const asCountry = (country: string): CountryCode => (isSupportedCountry(country) ? country : 'US');
