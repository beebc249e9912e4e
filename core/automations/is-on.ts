import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listSettings } from './queries.ts';

/** Whether an automation runs in this business: nobody has switched it off. */
export async function isOn(context: ReadContext, automation: string): Promise<boolean> {
  const settings = await listSettings(context);
  return !settings.some(each => each.automation === automation && !each.is_enabled);
}
