import { z } from 'zod';
import { pictureFor } from '../invoices/paper.ts';
import { defineView } from '../kernel/registry/define.ts';
import { paperOfStatement } from './of-statement.ts';
import { statementFileName, statementPaper, writeStatement } from './paper.ts';
import { asked, statementRow, statementsOf } from './statements-of.ts';

/** What a customer or a company owes and why, one row for each currency (issue of money, 10): a row for the business's own when there is nothing. */
export const statementView = defineView({
  type: 'statement',
  domain: 'statement',
  summary:
    'What a customer owes and why: bills, payments, refunds in order with the balance after each, what is open and how long overdue.',
  keywords: ['account', 'balance', 'owes', 'open bills', 'aging', 'history of payments', 'pdf', 'print'],
  whose: 'theirs',
  row: statementRow,
  params: z.strictObject(asked),
  roles: ['owner', 'admin', 'member'],
  async run(context, { params }) {
    return { rows: await statementsOf(context, params) };
  },
});

/** What stands on the paper of a statement; the file is drawn of it. */
export const statementPaperView = defineView({
  type: 'statement_paper',
  domain: 'statement',
  summary: 'What stands on the paper of a statement: its lines and sums in words.',
  keywords: ['pdf', 'print', 'paper', 'account'],
  whose: 'theirs',
  row: statementPaper,
  params: z.strictObject(asked),
  roles: ['owner', 'admin', 'member'],
  file: {
    format: 'pdf',
    content_type: 'application/pdf',
    name: row => statementFileName(statementPaper.parse(row)),
    write: async (row, { read }) => {
      const paper = statementPaper.parse(row);
      return writeStatement(paper, await pictureFor(paper, read));
    },
  },
  async run(context, { params }) {
    return { rows: [await paperOfStatement(context, params)] };
  },
});
