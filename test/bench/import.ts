import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { round } from './measure.ts';
import { atLeast, type Bench } from './part.ts';
import { squareFile } from './square-file.ts';

/** (f) Rows a second of a Square file, from its text to the commit of customers, addresses, notes and their audit. */
export async function measureImport({ cluster, take, say }: Bench, rows = 20_000) {
  const { address, caller } = cluster.empty;
  const db = openDatabase({ address, connections: 1 });
  const app = createDeskhand(db);
  try {
    const content = squareFile(take(rows), rows);
    const started = performance.now();
    const { data } = await app.execute(
      caller,
      { action: 'import.square', data: { content } },
      { request_id: newId() },
    );
    const seconds = (performance.now() - started) / 1000;
    if (data.created !== rows) throw new Error(`${String(data.created)} of ${rows} customers were imported`);
    say(`imported ${rows} rows in ${round(seconds, 1)} s`);
    return { rows_per_second: atLeast(Math.round(rows / seconds), 2500), rows, seconds: round(seconds, 1) };
  } finally {
    await db.close();
  }
}
