import { serveMcpStdio } from '../../dist/mcp/stdio.js';
import { echo } from './mcp-echo.mjs';

/** The process a stdio client starts: the echo tool, acting with the key given as argument. */
const [credential = 'no key'] = process.argv.slice(2);

const noisy = {
  ...echo,
  call(args, session) {
    console.log('A library that prints must not disturb the protocol.');
    return echo.call(args, session);
  },
};

await serveMcpStdio({ tools: [noisy], instructions: 'Echoes.', version: '0.0.0', credential });
