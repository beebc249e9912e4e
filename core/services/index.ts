import { defineDomain } from '../kernel/registry/domain.ts';
import { serviceRecord } from './service.ts';
import { updateService } from './update.ts';

export const services = defineDomain({
  name: 'service',
  area: 'money',
  summary: 'What can be done and sold, and at which price.',
  whose: 'ours',
  aliases: { service_id: ['service'], price_cents: ['price'] },
  examples: {
    service: {
      name: 'Screen Repair',
      pricing: 'per_unit',
      price_cents: 900,
      unit: 'screen',
      duration_minutes: 15,
    },
  },
  records: [serviceRecord],
  actions: [updateService],
  constraints: {
    services_name: {
      code: 'CONFLICT',
      field: 'name',
      message: 'A service with this name is in the catalog already.',
      hint: 'Update that one, or choose another name.',
    },
  },
});
