import { setTimeout as pause } from 'node:timers/promises';

/**
 * A tool for tests of the transport. Plain JavaScript, because the stdio test runs it in a process of its own.
 * It says what it heard and with whose key; `refuse` is a refusal, `break` a defect.
 */
export const echo = {
  name: 'echo',
  title: 'Echo',
  description: 'Says what it heard, and with whose key.',
  inputSchema: {
    type: 'object',
    properties: {
      text: { type: 'string' },
      wait_ms: { type: 'integer', minimum: 0, maximum: 1000 },
      more: { type: 'array' },
    },
    required: ['text'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: { text: { type: 'string' }, key: { type: 'string' }, error: { type: 'object' } },
    anyOf: [{ required: ['text', 'key'] }, { required: ['error'] }],
  },
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call(args, session) {
    if (typeof args.text !== 'string') {
      const error = {
        code: 'VALIDATION_ERROR',
        message: 'text is missing.',
        field: 'text',
        retryable: false,
      };
      return { structured: { error }, text: 'VALIDATION_ERROR: text is missing.', isError: true };
    }
    if (args.text === 'refuse') {
      const error = { code: 'INVALID_STATE', message: 'Not now.', hint: 'Try tomorrow.', retryable: false };
      return { structured: { error }, text: 'INVALID_STATE: Not now. Try tomorrow.', isError: true };
    }
    if (args.text === 'break') throw new Error('secret detail of a defect');
    await pause(args.wait_ms ?? 0);
    return {
      structured: { text: args.text, key: session.credential },
      text: `${args.text} (${session.credential})`,
    };
  },
};
