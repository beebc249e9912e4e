interface RefusalDetails {
  /** What to do next, one sentence. */
  hint: string;
  retryable?: boolean;
  headers?: Readonly<Record<string, string>>;
  /** The code of JSON-RPC, when it has one of its own for this. */
  rpc_code?: number;
}

/** A request that never reached a tool, and why. */
export class HttpRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(status: number, code: string, message: string, details: RefusalDetails) {
    super(message);
    this.name = 'HttpRefusal';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/**
 * A refusal as every MCP client understands it: a JSON-RPC error. Message and hint are both in `message`, because
 * clients show nothing else. Whatever is not a refusal is a defect; its text stays here.
 */
export function refusalResponse(error: unknown, request_id: string): Response {
  const { status, code, message, details } = error instanceof HttpRefusal ? error : defect;
  const { hint, retryable = false, headers = {}, rpc_code = -32_000 } = details;
  return Response.json(
    {
      jsonrpc: '2.0',
      id: null,
      error: {
        code: rpc_code,
        message: `${code}: ${message} ${hint}`,
        data: { code, message, hint, retryable, request_id },
      },
    },
    { status, headers },
  );
}

const defect = new HttpRefusal(500, 'INTERNAL_ERROR', 'Something went wrong on our side.', {
  hint: 'Try again with the same idempotency_key; if it happens again, tell the owner the request_id.',
  retryable: true,
  rpc_code: -32_603,
});
