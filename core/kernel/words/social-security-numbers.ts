import { type Scan, take, type Window, windowsFrom } from './number-scan.ts';

/** What joins an unlabelled social security number, twice the same: a comma or bar without spaces, or a word for a dash. */
const SSN_LINK = /^(?:[ ./_,-]| (?:dash|hyphen|minus) )$/;
const SSN_LABELLED_SHAPE = /^-(?:9|3-2-4|3-3-3|1(?:-1){8})$/;
// Area, group and serial that were never issued are not social security numbers; 9xx is one only as an ITIN.
const SSN_VALID = new RegExp(
  [
    '^(?:(?!000|666|9)[0-9]{3}(?!00)[0-9]{2}(?!0000)[0-9]{4}',
    '9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-2]|9[4-9])[0-9]{4})$',
  ].join('|'),
);

export function takeSocialSecurityNumbers(scan: Scan): void {
  for (const [first, group] of scan.groups.entries()) {
    // After a word such as "SSN" the writer has said what it is, so the numbers are not judged any further.
    const whole = group.ssnWord
      ? windowsFrom(scan, first, 9).find(window => SSN_LABELLED_SHAPE.test(window.shape))
      : windowsFrom(scan, first, 3).find(window => isUnlabelledSsn(scan, window));
    if (whole) take(scan, whole, 'SSN');
  }
}

/** AAA-GG-SSSS with the same mark twice, and not a piece of a longer reference or phone number. */
function isUnlabelledSsn(scan: Scan, window: Window): boolean {
  if (window.shape !== '-3-2-4' || !SSN_VALID.test(window.digits)) return false;
  const [area, middle, serial] = scan.groups.slice(window.first, window.last + 1);
  const following = scan.groups[window.last + 1];
  if (!area || !middle || !serial) return false;
  const mark = middle.link;
  if (mark !== serial.link || !SSN_LINK.test(mark)) return false;
  if (area.link === mark || following?.link === mark) return false;
  // Three cells of a longer row.
  if (mark === ',' && (area.before === ',' || serial.after === ',')) return false;
  return !/[a-z+]/.test(area.before);
}
