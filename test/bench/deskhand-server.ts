import { createServer } from 'node:http';
import { createDeskhand } from '../../api/compose.ts';
import { createHttpApp } from '../../api/http/server.ts';
import { createLogger } from '../../api/logger.ts';
import { mountMcp } from '../../api/mcp.ts';
import { readVersion } from '../../api/version.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { announce, givenAddress } from './servers.ts';

// A process of its own: the API and the MCP endpoint as `deskhand serve` runs them, with their log, except that
// one key may call without end.

const db = openDatabase({ address: givenAddress(), connections: 20 });
const app = createDeskhand(db);
const logger = createLogger('info');
const baseUrl = 'http://127.0.0.1:3000';

const server = createServer(
  createHttpApp({
    app,
    logger,
    baseUrl,
    version: readVersion(),
    ready: async () => true,
    mcp: mountMcp(app, { baseUrl, host: '127.0.0.1', logger }),
    limits: { callsPerMinute: 1e9 },
  }),
);
// Its clients come back when it is their turn again.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => announce(server));
