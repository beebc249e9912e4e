import type { App } from '../core/app.ts';
import { createCards } from './cards.ts';
import { createCompletions } from './completions.ts';
import { prompts } from './prompts/index.ts';
import { createResources } from './resources/index.ts';
import { createWatch } from './resources/watch.ts';
import type { McpServerOptions } from './server.ts';
import { questionFinder } from './tools/choose.ts';
import { createTools, instructions, waitingCalls } from './tools/index.ts';

/** Everything an agent of the office meets, whichever transport it comes by. `baseUrl` is where the owner decides. */
export const officeOptions = (
  app: App,
  baseUrl: string,
): Pick<
  McpServerOptions,
  | 'tools'
  | 'waiting'
  | 'findQuestion'
  | 'cards'
  | 'prompts'
  | 'resources'
  | 'complete'
  | 'watch'
  | 'instructions'
  | 'home'
> => ({
  tools: createTools(app, baseUrl),
  waiting: waitingCalls(app, baseUrl),
  findQuestion: questionFinder(app.registry),
  cards: createCards(app.registry, baseUrl),
  prompts,
  resources: createResources(app),
  complete: createCompletions(app),
  watch: createWatch(app),
  instructions,
  home: baseUrl,
});
