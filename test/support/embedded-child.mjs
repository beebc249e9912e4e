// A process of its own that starts, or connects to, the embedded database of a data folder, and asks it one question.
// Plain JavaScript on the compiled launcher, because Node 20 runs no TypeScript:
// node embedded-child.mjs <data folder>  →  {"started":true,"answer":42}
import pg from 'pg';
import { startEmbedded } from '../../dist/core/kernel/database/postgres/launcher.js';

try {
  const server = await startEmbedded({ dataDir: process.argv[2], fsync: false });
  const client = new pg.Client({
    host: server.host,
    port: server.port,
    user: server.superuser,
    database: 'postgres',
  });
  await client.connect();
  const { rows } = await client.query('select 42 as answer');
  await client.end();
  console.log(JSON.stringify({ started: server.started, answer: rows[0].answer }));
} catch (error) {
  console.log(JSON.stringify({ error: error.message }));
}
