import { createServer } from 'node:net';
import { chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { findChromium } from '../support/chromium.ts';
import { runPackage } from './npx.ts';
import { parseReport } from './report.ts';
import type { WholeServer } from './whole-server.ts';

/** What the suite asks of an authorization server; what begins with auth/ in its list tests clients. */
export const authorizationScenarios = [
  'authorization-server-metadata-endpoint',
  'authorization-code-grant',
] as const;

/**
 * The official suite's scenarios for authorization servers against a whole installation: the owner signs in and presses Allow in a real
 * browser, as soon as the suite says which address to open. Answers which scenarios passed.
 */
export async function authorize(
  suite: string,
  { url, signInLink }: WholeServer,
  revision: string,
): Promise<ReadonlySet<string>> {
  return asOwner({ url, signInLink }, async press => {
    const port = await freePort();
    const args = [
      'authorization',
      ...['--url', url, '--resource', `${url}/mcp`, '--spec-version', revision],
      ...['--client-id', await register(url), '--port', String(port)],
    ];
    const { stdout, stderr } = await runPackage(suite, 'conformance', args, { onOutput: press });
    const passed = new Set(
      parseReport(stdout)
        .filter(outcome => outcome.passed)
        .map(({ scenario }) => scenario),
    );
    if (passed.size < authorizationScenarios.length) console.error(stdout, stderr);
    return passed;
  });
}

/**
 * Has the owner signed in while something runs that says, in what it prints, which address to open: the owner opens it and presses Allow.
 */
export async function asOwner<T>(
  { signInLink }: Pick<WholeServer, 'url' | 'signInLink'>,
  work: (press: (printed: string) => void) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(await signInLink());
    await page.locator('main form button').first().click();
    await page.waitForURL(address => !address.pathname.startsWith('/sign-in'));
    let pressing: Promise<unknown> | undefined;
    const done = await work(printed => {
      const asked = /(http\S+\/oauth\/authorize\?\S+)\s/.exec(printed)?.[1];
      if (asked !== undefined) pressing ??= allow(page, asked).catch(error => console.error(error));
    });
    await pressing;
    return done;
  } finally {
    await browser.close();
  }
}

/** A program of this computer: it is called back on any port (RFC 8252), so none stands here. */
async function register(url: string): Promise<string> {
  const response = await fetch(`${url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Conformance suite', redirect_uris: ['http://127.0.0.1/callback'] }),
  });
  return z.object({ client_id: z.string() }).parse(await response.json()).client_id;
}

async function allow(page: Page, address: string): Promise<void> {
  await page.goto(address);
  // Two runs must not want one name.
  await page.getByLabel('Name of the new assistant').fill(`Conformance ${Date.now()}`);
  await page.getByRole('button', { name: 'Allow' }).click();
  // Back at the program, whatever it says there.
  await page.waitForURL(({ pathname }) => pathname.endsWith('/callback'));
}

export function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
