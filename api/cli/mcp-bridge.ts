import { BridgeProblem, bridge, endpointOf } from '../../mcp/bridge.ts';
import { ConfigError } from '../settings/values.ts';

/** `deskhand mcp --url`: one MCP client on stdin and stdout, carried to a server somewhere else. Needs no database here. */
export async function bridgeTo(address: string, given: string | undefined): Promise<void> {
  const key = given ?? process.env.DESKHAND_KEY;
  if (!key)
    throw new ConfigError('Set DESKHAND_KEY to the agent’s key; its owner makes one under Assistants.');
  try {
    const url = endpointOf(address);
    await bridge({ url, key, input: process.stdin, output: process.stdout, complain: console.error });
  } catch (error) {
    if (error instanceof BridgeProblem) throw new ConfigError(error.message);
    throw error;
  }
}
