import type { GetPromptResult, Prompt, Server } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { closest } from 'fastest-levenshtein';
import { budgets } from '../core/kernel/words/budgets.ts';
import { quoteStart } from '../core/kernel/words/quote.ts';
import { type IconName, iconsOf } from './icons.ts';

/** A routine of the office that its owner starts by name; file name = prompt name. */
export interface McpPrompt {
  /** snake_case: `take_a_call`. */
  name: string;
  title: string;
  description: string;
  icon: IconName;
  arguments: readonly PromptArgument[];
  /** What the model is told to do. Arguments are what somebody said: they are quoted. */
  text(args: Readonly<Record<string, string>>): string;
}

/** What somebody fills in before a routine starts. */
export interface PromptArgument {
  name: string;
  /** As a person reads it beside the field. */
  title: string;
  description: string;
  required: boolean;
  /** With what it is completed while somebody types (`completions.ts`); with nothing when left out. */
  completes?: string;
}

/** Longest argument that is passed on, in characters. */
const longestArgument = 4000;

/** Answers `prompts/list` and `prompts/get`, whichever of them `serves` says. */
export function servePrompts(
  server: Server,
  prompts: readonly McpPrompt[],
  serves: (method: string) => boolean,
): void {
  if (serves('prompts/list')) {
    server.setRequestHandler('prompts/list', () => ({ prompts: prompts.map(describe) }));
  }
  if (!serves('prompts/get')) return;
  server.setRequestHandler('prompts/get', ({ params }) =>
    render(findPrompt(prompts, params.name), params.arguments ?? {}),
  );
}

const describe = ({ name, title, description, icon, arguments: expected }: McpPrompt): Prompt => ({
  name,
  title,
  description,
  icons: iconsOf(icon),
  ...(expected.length > 0 ? { arguments: expected.map(({ completes: _how, ...argument }) => argument) } : {}),
});

function render(prompt: McpPrompt, given: Readonly<Record<string, string>>): GetPromptResult {
  const args: Record<string, string> = {};
  for (const { name, required } of prompt.arguments) {
    const said = given[name]?.trim();
    if (said) args[name] = quoteStart(said, longestArgument);
    else if (required) {
      throw new ProtocolError(
        ProtocolErrorCode.InvalidParams,
        `The prompt "${prompt.name}" needs "${name}".`,
      );
    }
  }
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text: prompt.text(args) } }],
  };
}

function findPrompt(prompts: readonly McpPrompt[], name: string): McpPrompt {
  const found = prompts.find(prompt => prompt.name === name);
  if (found) return found;
  const near = closest(
    name.slice(0, budgets.compared_characters),
    prompts.map(prompt => prompt.name),
  );
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `There is no prompt ${quoteStart(name, 100)}. Did you mean "${near}"?`,
  );
}
