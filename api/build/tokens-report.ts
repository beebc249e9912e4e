import { createTools } from '../../mcp/tools/index.ts';
import { countTokens } from './tokens.ts';
import { unconnectedApp } from './unconnected.ts';

// npm run tokens: what the tool list costs a model, per tool.
const { tools, total } = countTokens(createTools(unconnectedApp(), 'http://127.0.0.1:3000'));
for (const { name, tokens } of tools) console.log(`${String(tokens).padStart(6)}  ${name}`);
console.log(`${String(total).padStart(6)}  tools/list, o200k model tokens`);
