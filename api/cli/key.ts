import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { type Installation, withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { chooseBusiness, commandLine, newRequest } from './installation.ts';

/** `deskhand key create --agent NAME [--org SLUG]`: prints the key and nothing else. */
export async function createAgentKey(
  config: Config,
  options: { agent: string; org?: string },
): Promise<void> {
  if (options.agent.trim() === '') {
    throw new Error('Give the agent a name, such as --agent "Office Manager".');
  }
  return withInstallation(config, async installation => {
    const { id } = await chooseBusiness(installation, options.org);
    console.log(await makeKey(installation, commandLine(id), options.agent));
  });
}

/** A new key of the agent with this name, which is added when there is none. */
export async function makeKey({ app }: Installation, caller: Caller, agentName: string): Promise<string> {
  const act = (action: string, data: Record<string, unknown>) =>
    app.execute(caller, { action, data }, newRequest());
  const createKey = async () => String((await act('agent.create_key', { agent_id: agentName })).data.key);
  try {
    return await createKey();
  } catch (error) {
    if (!isRefusal(error, 'NOT_FOUND')) throw error;
  }
  let taken: unknown;
  await act('agent.create', { name: agentName }).catch(error => {
    if (!isRefusal(error, 'CONFLICT')) throw error;
    taken = error;
  });
  // Another process may have added the agent just now; else the name belongs to one that was removed.
  return createKey().catch(error => Promise.reject(taken ?? error));
}

const isRefusal = (error: unknown, code: DeskhandError['code']) =>
  error instanceof DeskhandError && error.code === code;
