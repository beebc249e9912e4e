import { setTimeout as pause } from 'node:timers/promises';
import type { CallToolResult, McpServer, ServerContext, ServerEventBus } from '@modelcontextprotocol/server';
import { fromJsonSchema } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** The `test_*` tools the official suite calls, as its scenario descriptions ask for them. */
export function registerTools(server: McpServer, bus: ServerEventBus): void {
  registerContentTools(server);
  registerNotifyingTools(server, bus);
  server.registerTool('test_error_handling', { description: 'Always fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Tool with JSON Schema 2020-12 features', inputSchema: fromJsonSchema(richSchema) },
    () => text('ok'),
  );
  server.registerTool(
    'test_custom_header',
    { description: 'Takes its region from a header too.', inputSchema: fromJsonSchema(headerSchema) },
    () => text('ok'),
  );
}

export function text(content: string): CallToolResult {
  return { content: [{ type: 'text', text: content }] };
}

/** The smallest PNG and WAV there are. */
export const image = {
  type: 'image',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==',
  mimeType: 'image/png',
} as const;
const audio = {
  type: 'audio',
  data: 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==',
  mimeType: 'audio/wav',
} as const;

function registerContentTools(server: McpServer): void {
  const answers: Record<string, CallToolResult> = {
    test_simple_text: text('This is a simple text response for testing.'),
    test_image_content: { content: [image] },
    test_audio_content: { content: [audio] },
    test_embedded_resource: {
      content: [embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.')],
    },
    test_multiple_content_types: {
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        image,
        embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
      ],
    },
  };
  for (const [name, answer] of Object.entries(answers)) {
    server.registerTool(name, { description: `Answers ${name}.` }, () => answer);
  }
}

export function embedded(uri: string, mimeType: string, content: string) {
  return { type: 'resource' as const, resource: { uri, mimeType, text: content } };
}

function registerNotifyingTools(server: McpServer, bus: ServerEventBus): void {
  server.registerTool(
    'test_tool_with_progress',
    { description: 'Reports progress.', inputSchema: z.object({}) },
    reportProgress,
  );
  for (const name of ['test_tool_with_logging', 'test_logging_tool']) {
    server.registerTool(name, { description: 'Logs.', inputSchema: z.object({}) }, async (_args, context) => {
      for (const message of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
        await context.mcpReq.log('info', message);
        await pause(50);
      }
      return text('Logged three messages.');
    });
  }
  server.registerTool('test_trigger_tool_change', { description: 'Changes the tool list.' }, () => {
    bus.publish({ kind: 'tools_list_changed' });
    return text('changed');
  });
  server.registerTool('test_trigger_prompt_change', { description: 'Changes the prompt list.' }, () => {
    bus.publish({ kind: 'prompts_list_changed' });
    return text('changed');
  });
}

async function reportProgress(_args: unknown, context: ServerContext): Promise<CallToolResult> {
  const progressToken = context.mcpReq._meta?.progressToken;
  for (const progress of [0, 50, 100]) {
    if (progressToken !== undefined) {
      await context.mcpReq.notify({
        method: 'notifications/progress',
        params: { progressToken, progress, total: 100 },
      });
    }
    await pause(50);
  }
  return text('Progress reported.');
}

const richSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: {
      $anchor: 'addressDef',
      type: 'object',
      properties: { street: { type: 'string' }, city: { type: 'string' } },
    },
  },
  properties: {
    name: { type: 'string' },
    address: { $ref: '#/$defs/address' },
    contactMethod: { type: 'string', enum: ['phone', 'email'] },
    phone: { type: 'string' },
    email: { type: 'string' },
  },
  allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
  if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
  // biome-ignore lint/suspicious/noThenProperty: `then` is a keyword of JSON Schema.
  then: { required: ['phone'] },
  else: { required: ['email'] },
  additionalProperties: false,
} as const;

const headerSchema = {
  type: 'object',
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' } },
} as const;
