import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import type { McpTool } from '../../mcp/tool.ts';

/** What one tool costs a model's context, in o200k tokens, as clients show it: name, description and input schema. */
export interface ToolCost {
  name: string;
  tokens: number;
}

/** The cost of a tool list per tool and in all (mcp.md, "Tokens"). */
export function countTokens(tools: readonly McpTool[]): { tools: ToolCost[]; total: number } {
  const costs = tools.map(({ name, description, inputSchema }) => ({
    name,
    tokens: encode(JSON.stringify({ name, description, input_schema: inputSchema })).length,
  }));
  return { tools: costs, total: costs.reduce((sum, { tokens }) => sum + tokens, 0) };
}
