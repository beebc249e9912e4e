import type { z } from 'zod';
import { businessHours } from '../kernel/pipeline/context.ts';

/** Days on which somebody works otherwise than the business is open; those that are not named are as the business has them. */
export const workingHours = businessHours.partial();
export type WorkingHours = z.infer<typeof workingHours>;
