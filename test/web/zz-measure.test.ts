import { writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { beforeAll, test } from 'vitest';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
beforeAll(async () => {
  await tellStory(pages());
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'lead.create', {
    source: 'phone_call',
    raw_notes:
      'Mary Collins, 256-555-0177, mary@example.com, 14 Oak Lane, Huntsville AL 35801: 20+ screens, dog named Rex.',
  });
});
test('measure', async () => {
  const session = await pages().signIn('olivia@brightpanes.example');
  for (const path of [
    '/',
    '/contacts',
    '/contacts/C-1001',
    '/tickets/T-2001',
    '/capabilities',
    '/outbox',
    '/review/levels',
    '/review/agents',
    '/review/R-1',
    '/search?q=jane',
    '/leads',
    '/leads/new',
    '/leads/L-1001',
  ]) {
    const r = await pages().send(path, { session });
    const t = await r.text();
    console.log(
      path,
      r.status,
      t.length,
      gzipSync(t).length,
      brotliCompressSync(t, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
    );
    writeFileSync('/tmp/w/page' + path.replace(/\W+/g, '_') + '.html', t);
  }
});
