import type { CallToolResult, InputRequest, McpServer, ServerContext } from '@modelcontextprotocol/server';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { text } from './fixture-tools.ts';

/** Signs what a tool remembers between two rounds, so that a client cannot change it. */
export const stateCodec = createRequestStateCodec<number>({
  key: 'a fixed key is enough for a test fixture',
});

/**
 * The tools that ask the client something. On 2026-07-28 they answer `input_required`; toward 2025-11-25 the SDK turns
 * the same answer into requests to the client, which need a session (legacy-sessions.ts). Deskhand's own tools never
 * ask: an approval must not be given where the agent runs.
 */
export function registerQuestions(server: McpServer): void {
  registerSingleQuestions(server);
  registerRounds(server);
  registerLegacyForms(server);
}

const name = z.object({ name: z.string() });
const ok = z.object({ ok: z.boolean() });

const askName = inputRequired.elicit({ message: 'What is your name?', requestedSchema: name });
const askConfirm = inputRequired.elicit({ message: 'Please confirm', requestedSchema: ok });
const askRoots = inputRequired.listRoots();
const askModel = (prompt: string, maxTokens = 100) =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
  });

const envelopeShape = z
  .looseObject({ [CLIENT_CAPABILITIES_META_KEY]: z.looseObject({}).optional() })
  .optional();

type Questions = Record<string, InputRequest>;

function answered(context: ServerContext, key: string): boolean {
  return inputResponse(context.mcpReq.inputResponses, key).kind !== 'missing';
}

function registerSingleQuestions(server: McpServer): void {
  const single: Record<string, Questions> = {
    test_input_required_result_sampling: { capital_question: askModel('What is the capital of France?') },
    test_input_required_result_list_roots: { client_roots: askRoots },
    test_streaming_elicitation: { user_name: askName },
    test_missing_capability: { question: askModel('Needs a capability the client may lack') },
  };
  for (const [tool, inputRequests] of Object.entries(single)) {
    const [key = ''] = Object.keys(inputRequests);
    server.registerTool(
      tool,
      { description: `Asks for ${key}.`, inputSchema: z.object({}) },
      (_args, context) =>
        answered(context, key)
          ? text(`Answered: ${JSON.stringify(inputResponse(context.mcpReq.inputResponses, key))}`)
          : inputRequired({ inputRequests }),
    );
  }
  server.registerTool(
    'test_input_required_result_elicitation',
    { description: 'Asks for a name.', inputSchema: z.object({}) },
    (_args, context) => {
      const answer = acceptedContent(context.mcpReq.inputResponses, 'user_name', name);
      if (answer === undefined) return inputRequired({ inputRequests: { user_name: askName } });
      return text(`Hello, ${answer.name}!`);
    },
  );
  server.registerTool(
    'test_input_required_result_capabilities',
    { description: 'Asks only what the client can answer.', inputSchema: z.object({}) },
    (_args, context) => {
      const envelope = envelopeShape.parse(context.mcpReq.envelope);
      const can = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
      const inputRequests: Questions = {
        ...('elicitation' in can ? { user_name: askName } : {}),
        ...('sampling' in can ? { greeting: askModel('Greet') } : {}),
      };
      return Object.keys(inputRequests).length > 0
        ? inputRequired({ inputRequests })
        : text('Nothing to ask.');
    },
  );
}

function registerRounds(server: McpServer): void {
  const confirmed = async (_args: unknown, context: ServerContext) =>
    answered(context, 'confirm') && context.mcpReq.requestState<number>() === 1
      ? text('state-ok')
      : inputRequired({
          inputRequests: { confirm: askConfirm },
          requestState: await stateCodec.mint(1, context),
        });
  for (const tool of [
    'test_input_required_result_request_state',
    'test_input_required_result_tampered_state',
  ]) {
    server.registerTool(tool, { description: 'Remembers a state.', inputSchema: z.object({}) }, confirmed);
  }
  server.registerTool(
    'test_input_required_result_multiple_inputs',
    { description: 'Asks three things at once.', inputSchema: z.object({}) },
    async (_args, context) => {
      const inputRequests = {
        user_name: askName,
        greeting: askModel('Generate a greeting', 50),
        client_roots: askRoots,
      };
      if (Object.keys(inputRequests).every(key => answered(context, key))) return text('All answered.');
      return inputRequired({ inputRequests, requestState: await stateCodec.mint(1, context) });
    },
  );
  server.registerTool(
    'test_input_required_result_multi_round',
    { description: 'Asks twice.', inputSchema: z.object({}) },
    async (_args, context) => {
      const round = context.mcpReq.requestState<number>() ?? 0;
      if (round === 2 && answered(context, 'step2')) return text('Done after two rounds.');
      const color = z.object({ color: z.string() });
      const inputRequests: Questions =
        round === 1 && answered(context, 'step1')
          ? { step2: elicit('Step 2: What is your favorite color?', color) }
          : { step1: elicit('Step 1: What is your name?', name) };
      const next = 'step2' in inputRequests ? 2 : 1;
      return inputRequired({ inputRequests, requestState: await stateCodec.mint(next, context) });
    },
  );
}

function elicit(message: string, requestedSchema: z.ZodObject): InputRequest {
  return inputRequired.elicit({ message, requestedSchema });
}

function registerLegacyForms(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of the client.', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'answer');
      if (answer.kind !== 'sampling') return inputRequired({ inputRequests: { answer: askModel(prompt) } });
      const { content } = answer.result;
      const block = Array.isArray(content) ? content[0] : content;
      return text(`LLM response: ${block?.type === 'text' ? block.text : JSON.stringify(block)}`);
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person.', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => ask(context, 'User response: ', message, personForm),
  );
  server.registerTool(
    'test_elicitation_sep1034_defaults',
    { description: 'Asks with defaults.', inputSchema: z.object({}) },
    (_args, context) => ask(context, 'Elicitation completed: ', 'Please review the defaults', defaultsForm),
  );
  server.registerTool(
    'test_elicitation_sep1330_enums',
    { description: 'Asks with choices.', inputSchema: z.object({}) },
    (_args, context) => ask(context, 'Elicitation completed: ', 'Please choose', choicesForm),
  );
}

type Form = Extract<Parameters<typeof inputRequired.elicit>[0]['requestedSchema'], { type: 'object' }>;

function ask(
  context: ServerContext,
  prefix: string,
  message: string,
  form: Form,
): CallToolResult | ReturnType<typeof inputRequired> {
  const answer = inputResponse(context.mcpReq.inputResponses, 'form');
  if (answer.kind !== 'elicit') {
    return inputRequired({
      inputRequests: { form: inputRequired.elicit({ message, requestedSchema: form }) },
    });
  }
  return text(`${prefix}action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
}

const personForm: Form = {
  type: 'object',
  properties: {
    username: { type: 'string', description: "User's response" },
    email: { type: 'string', description: "User's email address" },
  },
  required: ['username', 'email'],
};

const defaultsForm: Form = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
  required: [],
};

const options = ['option1', 'option2', 'option3'];
const titled = (kind: string) =>
  ['First', 'Second', 'Third'].map((word, index) => ({
    const: `value${index + 1}`,
    title: `${word} ${kind}`,
  }));

const choicesForm: Form = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled('Option') },
    legacyEnum: {
      type: 'string',
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array', items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', items: { anyOf: titled('Choice') } },
  },
  required: [],
};
