import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { listNames } from './queries.ts';
import { type Service, serviceRecord } from './service.ts';

/** The whole catalog, what is not offered any more too; at most a thousand. */
export async function allServices(context: ReadContext): Promise<Service[]> {
  const names = await listNames(context);
  return listByIds(
    context,
    serviceRecord,
    names.map(({ id }) => id),
  );
}
