import { BridgeProblem, bridge, endpointOf } from './bridge.ts';

// The bridge as a program of its own: what the bundle for desktop hosts starts, and the file a server hands out.

const { DESKHAND_KEY: key, DESKHAND_URL } = process.env;
const address = process.argv[2] ?? DESKHAND_URL;
try {
  if (!address)
    throw new BridgeProblem(
      'Set DESKHAND_URL to the address of your Deskhand, or give it as the first argument.',
    );
  if (!key) throw new BridgeProblem('Set DESKHAND_KEY to the key of the assistant; its page makes one.');
  const url = endpointOf(address);
  await bridge({ url, key, input: process.stdin, output: process.stdout, complain: console.error });
} catch (error) {
  console.error(error instanceof BridgeProblem ? error.message : error);
  process.exitCode = 1;
}
