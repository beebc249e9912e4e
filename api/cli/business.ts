import { brokenConstraint } from '../../core/kernel/database/db.ts';
import { isTimeZone } from '../../core/kernel/words/time.ts';
import { foundBusiness, type NewBusiness } from '../../core/organizations/found.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';

export interface BusinessOptions {
  owner: string;
  ownerName?: string;
  slug?: string;
  timeZone?: string;
  currency: string;
  country: string;
}

/** `deskhand business create NAME --owner EMAIL`: founds a business; says how the owner signs in. */
export async function createBusiness(config: Config, name: string, options: BusinessOptions): Promise<void> {
  const business = readBusiness(name.trim(), options);
  const { slug } = business;
  await withInstallation(config, async ({ db }) => {
    await foundBusiness(db, business).catch(error => {
      if (!brokenConstraint(error)?.startsWith('organizations_slug')) throw error;
      throw new Error(
        `"${slug}" cannot be the short name of a business or is taken; choose another with --slug.`,
      );
    });
  });
  console.log(`${business.name} (${slug}) is founded. Sign in: deskhand signin-link ${options.owner}`);
}

function readBusiness(name: string, options: BusinessOptions): NewBusiness {
  const time_zone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const currency = options.currency.toUpperCase();
  const country = options.country.toUpperCase();
  if (name === '') throw new Error('Give the business a name, such as "Clear View Co".');
  if (!isTimeZone(time_zone))
    throw new Error(`"${time_zone}" is not a time zone; use a name such as America/Chicago.`);
  if (!Intl.supportedValuesOf('currency').includes(currency))
    throw new Error(`"${options.currency}" is not a currency; use a code of three letters such as USD.`);
  if (!/^[A-Z]{2}$/.test(country))
    throw new Error(`"${options.country}" is not a country; use a code of two letters such as US.`);
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(options.owner))
    throw new Error(`"${options.owner}" is not an e-mail address.`);
  const owner = options.ownerName?.trim() || options.owner.split('@')[0] || name;
  return {
    slug: options.slug ?? slugOf(name),
    name,
    time_zone,
    currency,
    country,
    owner: { email: options.owner, name: owner, is_bookable: true },
  };
}

const slugOf = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
