import { defineDomain } from '../kernel/registry/domain.ts';
import { attributeRecord } from './attribute.ts';
import { attributeCatalog } from './attribute-catalog.ts';
import { confirmAttributes } from './confirm.ts';
import { setAttribute } from './set.ts';
import { updateAttributeKey } from './update-key.ts';

export const attributes = defineDomain({
  name: 'attribute',
  area: 'customers',
  summary: 'What is known of customers and their properties: facts, confirmed or not, and their keys.',
  records: [attributeRecord],
  actions: [setAttribute, confirmAttributes, updateAttributeKey],
  views: [attributeCatalog],
  constraints: {
    attributes_once: {
      code: 'CONFLICT',
      field: 'value',
      message: 'This fact is known already.',
      hint: 'Read it with attributes, filtered by contact_id and key.',
    },
  },
});
