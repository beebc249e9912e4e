import { z } from 'zod';
import { invalid } from '../../core/kernel/words/errors.ts';
import { formatMoney, plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type PageRequest, readList } from '../site.ts';

const offeredRow = z.object({
  reference: z.string(),
  name: z.string(),
  pricing: z.string(),
  price_cents: z.number().nullable(),
  unit: z.string().nullable(),
  currency: z.string(),
  duration_minutes: z.number().nullable(),
  minutes_per_unit: z.number().nullable(),
});
export type Offered = z.infer<typeof offeredRow>;

/** What is offered, by name. */
export const readPriceList = async (request: PageRequest): Promise<Offered[]> =>
  (
    await readList(request, 'services', offeredRow, {
      params: { is_active: true },
      sort: 'name',
      limit: 100,
      fields: Object.keys(offeredRow.shape),
    })
  ).rows;

/** `Screens · $4.00 each` */
const offerWords = ({ name, pricing, price_cents, unit, currency }: Offered): string => {
  const price = price_cents === null ? 'price agreed each time' : formatMoney(price_cents, currency);
  return `${name} · ${price}${pricing === 'per_unit' ? ` per ${unit ?? 'piece'}` : ''}`;
};

/** A choice of what is offered. */
export const serviceSelect = (
  offered: readonly Offered[],
  { id, chosen, label, isWrong }: { id: string; chosen: string; label: string; isWrong?: boolean },
): Markup => html`<div><label for="${id}">${label}</label>
<select id="${id}" name="${id}"${isWrong && html` aria-invalid="true"`}><option value="">nothing</option>${offered.map(
  one =>
    html`<option value="${one.reference}"${one.reference === chosen && html` selected`}>${offerWords(one)}</option>`,
)}</select></div>`;

/** How many, and at what price: both may stay empty. */
export const amountFields = ({
  suffix,
  quantity,
  price,
  hint,
}: {
  suffix: string;
  quantity: string;
  price: string;
  hint?: string;
}): Markup => html`<div class="pair"><div><label for="quantity${suffix}">How many</label>
<input id="quantity${suffix}" name="quantity${suffix}" inputmode="decimal" maxlength="10" autocomplete="off" value="${asTyped(quantity)}"></div>
<div><label for="price${suffix}">Price each</label>
<input id="price${suffix}" name="price${suffix}" inputmode="decimal" maxlength="20" autocomplete="off" placeholder="${hint ?? 'as listed'}" value="${asTyped(price)}"></div></div>`;

/** What was typed of one service as a line of a visit. Throws VALIDATION_ERROR at the field. */
export function readAmounts(
  texts: Readonly<Record<string, string>>,
  suffix: string,
  currency: string,
): { quantity?: number; unit_price_cents?: number } {
  const quantity = (texts[`quantity${suffix}`] ?? '').replace(/[\s,]/g, '');
  const price = (texts[`price${suffix}`] ?? '').replace(/\s/g, '');
  const unit_price_cents = price === '' ? undefined : readMoney(price, currency);
  if (quantity !== '' && !/^\d{1,6}(\.\d{1,2})?$/.test(quantity))
    throw invalid(`quantity${suffix}`, 'This is not a number.', { hint: 'Write it as 2 or 2.5.' });
  if (price !== '' && unit_price_cents === undefined)
    throw invalid(`price${suffix}`, 'This is not an amount.', {
      hint: `Write it as ${plainMoney(15_000, currency)}.`,
    });
  return {
    ...(quantity === '' ? {} : { quantity: Number(quantity) }),
    ...(unit_price_cents === undefined ? {} : { unit_price_cents }),
  };
}
