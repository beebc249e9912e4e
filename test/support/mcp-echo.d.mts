import type { McpTool } from '../../mcp/tool.ts';

export declare const echo: McpTool;
