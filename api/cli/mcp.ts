import { officeOptions } from '../../mcp/office.ts';
import { serveMcpStdio } from '../../mcp/stdio.ts';
import { openInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { noteCalls } from '../note-calls.ts';
import { ConfigError } from '../settings/values.ts';
import { readVersion } from '../version.ts';
import { newRequest } from './installation.ts';

/** `deskhand mcp`: one MCP client on stdin and stdout. Nothing but protocol goes to stdout. */
export async function mcp(config: Config, given: string | undefined): Promise<void> {
  const credential = given ?? process.env.DESKHAND_KEY;
  if (!credential) {
    throw new ConfigError(
      'Set DESKHAND_KEY to the agent’s key (deskhand key create --agent NAME), or give --key.',
    );
  }
  const installation = await openInstallation(config, {
    connections: 4,
    onModelTrouble: (message, facts) => console.error(message, facts),
  });
  try {
    // A client shows what went wrong at its start; it may never show what every call answers.
    await installation.app.whoIs({ via: 'key', key: credential }, newRequest());
    const note = noteCalls(installation.app);
    note(credential);
    const office = officeOptions(installation.app, config.baseUrl);
    await serveMcpStdio({
      ...office,
      tools: office.tools.map(tool => ({
        ...tool,
        call: (args, session) => {
          note(credential);
          return tool.call(args, session);
        },
      })),
      version: readVersion(),
      credential,
      onDefect: (error, request_id) =>
        console.error(request_id, error instanceof Error ? error.stack : error),
    });
  } finally {
    await installation.close();
  }
}
