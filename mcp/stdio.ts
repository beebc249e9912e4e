import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { createMcpServerFactory, type McpServerOptions } from './server.ts';

export type McpStdioOptions = McpServerOptions & {
  /** The key the whole connection acts with. */
  credential: string;
};

/**
 * Serves one client over this process's stdin and stdout, both protocol eras; resolves when the client has closed its
 * end. Only protocol may go to stdout, and libraries do not know that: whatever is printed with `console` from here on
 * goes to stderr.
 */
export async function serveMcpStdio(options: McpStdioOptions): Promise<void> {
  sendConsoleToStderr();
  const closed = new Promise<unknown>(resolve => {
    for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
  });
  const connection = serveStdio(createMcpServerFactory(options), { maxSubscriptions: 0 });
  await closed;
  await connection.close();
}

function sendConsoleToStderr(): void {
  console.log = console.error;
  console.info = console.error;
  console.debug = console.error;
}
