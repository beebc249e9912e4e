// What the fields of the work come to, as the server counts it: quantity times price, rounded for each service.

/** Keeps the totals of a form current; answers what it shows beside its fields. Of other forms it makes nothing. */
export function countUp(form) {
  const { total, hours, minutes } = form?.elements ?? {};
  if (!total) return;
  // Most currencies have two places; the page says it of others.
  const { currency, decimals = 2 } = total.dataset;
  const unit = 10 ** decimals;
  const show = (output, cents) =>
    (output.value = (cents / unit).toLocaleString('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: decimals,
    }));
  let sum = 0;
  let lines = '';
  for (const line of form.querySelectorAll('[data-line]')) {
    // How many, where that is asked, and the price; with few enough places that halves are halves.
    let cents = line.querySelector(':checked') ? unit : 0;
    for (const { value } of line.querySelectorAll('[inputmode]')) cents *= value.replace(/[^\d.]/g, '');
    sum += cents = Math.round(cents.toFixed(5));
    lines += `${line.firstChild.textContent}: ${show(line.querySelector('output'), cents)}\n`;
  }
  return {
    shown_minutes: hours.value * 60 + +minutes.value,
    shown_total_cents: sum,
    shown_lines: `${lines}Total: ${show(total, sum)}`,
  };
}
