import { chanceFrom, pick } from './chance.ts';
import { firstNames, lastNames, remarks, shops, towns } from './names.ts';

/** A customer as they are written down. */
export interface Person {
  number: number;
  full_name: string;
  phone: string;
  email: string | undefined;
  line1: string;
  city: string;
  postal_code: string;
  remark: string | undefined;
  tags: readonly string[];
}

/** So many customers the history has in the end. */
export const peopleAtLast = 243;

/** Every ninth customer is a shop, whose windows are done every few weeks. */
export const isShop = (number: number): boolean => number % 9 === 4;

export const nameAt = (names: readonly string[], at: number): string => names[at % names.length] ?? '';

const areas = ['938', '205', '931'];

/** A customer by their number: the same whenever they are asked for. */
export function personOf(number: number): Person {
  const chance = chanceFrom(7_919 + number);
  const town = pick([...towns, towns[0], towns[0], towns[1]], chance) ?? towns[0];
  const shop = isShop(number) ? shops[Math.floor(number / 9) % shops.length] : undefined;
  const round = Math.floor(number / 9 / shops.length);
  const own = `${nameAt(firstNames, number * 37)} ${nameAt(lastNames, number * 61)}`;
  const street = pick(town.streets, chance) ?? town.streets[0];
  const full_name = shop === undefined ? own : round === 0 ? shop : `${shop}, ${street}`;
  const hasMail = chance() < 0.6;
  return {
    number,
    full_name,
    phone: `(${areas[Math.floor(number / 100)]}) 555-01${String(number % 100).padStart(2, '0')}`,
    email: hasMail ? `${full_name.toLowerCase().replace(/[^a-z]+/g, '.')}@example.com` : undefined,
    line1: `${100 + Math.floor(chance() * 880)} ${street}`,
    city: town.city,
    postal_code: town.postal_code,
    remark: chance() < 0.16 ? pick(remarks, chance) : undefined,
    tags: isShop(number) ? ['storefront'] : chance() < 0.2 ? ['two stories'] : [],
  };
}

/** What `contact.create` is told of somebody. */
export const newCustomer = ({ full_name, phone, email, tags, line1, city, postal_code }: Person) => ({
  full_name,
  phone,
  ...(email === undefined ? {} : { email }),
  tags,
  address: `${line1}, ${city}, AL ${postal_code}`,
});
