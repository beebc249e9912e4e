import { defineDomain } from '../kernel/registry/domain.ts';
import { sendStatement } from './send.ts';
import { statementPaperView, statementView } from './statement.ts';

export const statements = defineDomain({
  name: 'statement',
  area: 'money',
  summary: 'Statements: what a customer was billed and has paid, and what is open.',
  actions: [sendStatement],
  views: [statementView, statementPaperView],
});
