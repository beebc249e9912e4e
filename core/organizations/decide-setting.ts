import type { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { mergeSettings, type SettingSpec } from '../kernel/registry/settings.ts';
import { lockOrganization, updateOrganization } from './queries.ts';

/** The business, held until the transaction ends, with what it has decided. */
export const lockBusiness = lockOrganization;

/** Decides a setting of the business behind an action that stands for it; whoever may run that has decided. */
export async function decideSetting<T extends z.ZodType>(
  context: Context,
  { name }: SettingSpec<T>,
  value: z.output<T>,
): Promise<void> {
  const business = await lockOrganization(context);
  if (business.settings[name] === value) return;
  await updateOrganization(context, {
    ...business,
    settings: mergeSettings(business.settings, { [name]: value }),
  });
}
