import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { budgets } from '../core/kernel/words/budgets.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import type { McpPrompt } from './prompt.ts';
import type { McpResources } from './resource.ts';
import type { McpSession } from './tool.ts';

/** What somebody may be about to type, best first; with the caller's own key, so nobody is shown what they may not see. */
export type Complete = (typed: string, session: McpSession) => Promise<string[]>;

/** What the protocol allows in one answer. */
const most = 100;

interface Completions {
  prompts: readonly McpPrompt[] | undefined;
  resources: McpResources | undefined;
  /** The ways to complete what somebody types, by the name an argument says. */
  complete: Readonly<Record<string, Complete>>;
  sessionOf: (context: ServerContext) => McpSession;
  onDefect: ((error: unknown, request_id: string) => void) | undefined;
}

/**
 * Answers `completion/complete`: what a person types into an argument of a prompt, or into an address. An argument without
 * suggestions has none, and so has a caller who may not see them; a prompt or address that is not there is refused.
 */
export function serveCompletions(
  server: Server,
  { prompts, resources, complete, ...how }: Completions,
): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }, context) => {
    const way =
      ref.type === 'ref/prompt'
        ? prompts
            ?.find(({ name }) => name === ref.name)
            ?.arguments.map(({ name, completes }) => ({ name, completes }))
        : resources?.templates.some(({ uriTemplate }) => uriTemplate === ref.uri)
          ? [{ name: 'reference', completes: 'reference' }]
          : undefined;
    if (way === undefined) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        'There is no such prompt or address to complete.',
      );
    }
    const { completes } = way.find(({ name }) => name === argument.name) ?? {};
    const typed = argument.value.trim().slice(0, budgets.compared_characters);
    const find = completes === undefined ? undefined : complete[completes];
    if (!find || typed === '') return { completion: { values: [] } };
    const session = how.sessionOf(context);
    try {
      const values = [...new Set(await find(typed, session))];
      return { completion: { values: values.slice(0, most), hasMore: values.length > most } };
    } catch (error) {
      // Nobody types better for being refused.
      if (!(error instanceof DeskhandError)) how.onDefect?.(error, session.request_id);
      return { completion: { values: [] } };
    }
  });
}
