import type { McpServer } from '@modelcontextprotocol/server';
import { acceptedContent, completable, inputRequired, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { embedded, image } from './fixture-tools.ts';

/** The `test://` resources the official suite reads. */
export function registerResources(server: McpServer): void {
  const plain = (uri: string, content: string) =>
    server.registerResource(
      uri,
      uri,
      { title: uri, description: 'A fixed text.', mimeType: 'text/plain' },
      () => ({ contents: [{ uri, mimeType: 'text/plain', text: content }] }),
    );
  plain('test://static-text', 'This is the content of the static text resource.');
  plain('test://watched-resource', 'Can be subscribed to.');
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { title: 'Static binary', description: 'A fixed picture.', mimeType: image.mimeType },
    uri => ({ contents: [{ uri: uri.href, mimeType: image.mimeType, blob: image.data }] }),
  );
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { title: 'Template', description: 'Data by id.', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  );
  // Accepting is all the 2025 scenarios look at; nothing is ever sent.
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

/** The prompts the official suite gets. */
export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'Without arguments.' }, () =>
    messages({ type: 'text', text: 'This is a simple prompt for testing.' }),
  );
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'With two arguments.',
      argsSchema: z.object({
        arg1: completable(z.string().describe('First'), typed =>
          ['paris', 'park', 'party'].filter(word => word.startsWith(typed)),
        ),
        arg2: z.string().describe('Second'),
      }),
    },
    ({ arg1, arg2 }) =>
      messages({ type: 'text', text: `Prompt with arguments: arg1='${arg1}', arg2='${arg2}'` }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'With a resource.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) =>
      messages(embedded(resourceUri, 'text/plain', 'Embedded resource content for testing.'), {
        type: 'text',
        text: 'Please process the embedded resource above.',
      }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'With a picture.' }, () =>
    messages(image, { type: 'text', text: 'Please analyze the image above.' }),
  );
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks first.' }, context => {
    const form = z.object({ context: z.string() });
    const answer = acceptedContent(context.mcpReq.inputResponses, 'user_context', form);
    if (answer !== undefined) return messages({ type: 'text', text: `Context: ${answer.context}` });
    const question = inputRequired.elicit({
      message: 'What context should the prompt use?',
      requestedSchema: form,
    });
    return inputRequired({ inputRequests: { user_context: question } });
  });
}

type Content = { type: 'text'; text: string } | typeof image | ReturnType<typeof embedded>;

function messages(...contents: Content[]) {
  return { messages: contents.map(content => ({ role: 'user' as const, content })) };
}
