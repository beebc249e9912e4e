import { openDatabase } from '../../core/kernel/database/db.ts';
import { createDeskhand } from '../compose.ts';

/** The application without a database, for what only reads the registrations: documents, token counts. */
export const unconnectedApp = () =>
  createDeskhand(
    openDatabase({ address: { host: 'nowhere.invalid', port: 1, user: 'nobody', database: 'none' } }),
  );
