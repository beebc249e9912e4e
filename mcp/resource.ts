import type { Resource, ResourceTemplateType, Server, ServerContext } from '@modelcontextprotocol/server';
import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { quoteStart } from '../core/kernel/words/quote.ts';
import type { McpSession } from './tool.ts';

/** One text a client can attach to a conversation. */
export interface ResourceText {
  uri: string;
  mimeType: string;
  text: string;
  _meta?: Record<string, unknown>;
}

/** What can be read by address, with the caller's own key. */
export interface McpResources {
  list: readonly Resource[];
  templates: readonly ResourceTemplateType[];
  /**
   * The text behind an address; undefined for an address that is not one of ours. Throws ResourceRefusal for what is not
   * there or not for this caller; whatever else is thrown is a defect.
   */
  read(uri: string, session: McpSession): Promise<ResourceText | undefined>;
}

/** An address that leads nowhere for this caller, and why. */
export class ResourceRefusal extends Error {
  readonly facts: Readonly<Record<string, unknown>>;
  constructor(message: string, facts: Readonly<Record<string, unknown>>) {
    super(message);
    this.facts = facts;
  }
}

export interface ServedResources {
  /** Listed before the others, for this client. */
  cards: (context: ServerContext) => readonly Resource[];
  readCard: (uri: string) => ResourceText | undefined;
  resources: McpResources | undefined;
  sessionOf: (context: ServerContext) => McpSession;
  onDefect: ((error: unknown, request_id: string) => void) | undefined;
}

/** Answers `resources/list`, `resources/templates/list` and `resources/read`, whichever of them `serves` says. */
export function serveResources(
  server: Server,
  { cards, readCard, resources, sessionOf, onDefect }: ServedResources,
  serves: (method: string) => boolean,
): void {
  if (serves('resources/list')) {
    server.setRequestHandler('resources/list', (_, context) => ({
      resources: [...cards(context), ...(resources?.list ?? [])],
    }));
  }
  if (serves('resources/templates/list')) {
    server.setRequestHandler('resources/templates/list', () => ({
      resourceTemplates: [...(resources?.templates ?? [])],
    }));
  }
  if (!serves('resources/read')) return;
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const card = readCard(uri);
    if (card) return { contents: [card] };
    const session = sessionOf(context);
    const text = await resources?.read(uri, session).catch(error => {
      throw explain(error, session, onDefect);
    });
    if (text) return { contents: [text] };
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `There is no resource ${quoteStart(uri, 100)}. Records are deskhand:// and their reference, such as deskhand://C-1042.`,
    );
  });
}

function explain(error: unknown, session: McpSession, onDefect: ServedResources['onDefect']): ProtocolError {
  if (error instanceof ResourceRefusal) {
    return new ProtocolError(ProtocolErrorCode.InvalidParams, error.message, error.facts);
  }
  onDefect?.(error, session.request_id);
  return new ProtocolError(
    ProtocolErrorCode.InternalError,
    'Something went wrong on our side; tell the owner the request_id.',
    { request_id: session.request_id },
  );
}
