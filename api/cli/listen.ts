import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import { ConfigError } from '../settings/values.ts';

/** Listens, or says in a sentence why that cannot be; `way` is how another port is chosen. Throws ConfigError. */
export function listen(
  server: Server,
  { host, port }: Pick<Config, 'host' | 'port'>,
  way = (other: number) => `PORT=${other} npm start`,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') {
        reject(
          new ConfigError(`Port ${port} is taken. Stop the other program or choose another: ${way(3001)}`),
        );
      } else if (error.code === 'EACCES') {
        reject(new ConfigError(`Port ${port} needs more rights. Choose one above 1023: ${way(3000)}`));
      } else if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? '')) {
        reject(
          new ConfigError(
            `HOST is "${host}", which is no address of this machine. Use 127.0.0.1 or 0.0.0.0.`,
          ),
        );
      } else {
        reject(error);
      }
    });
    server.listen(port, host, () => resolve());
  });
}

/** The port a server got; PORT=0 lets the system choose. */
export const boundTo = (address: string | AddressInfo | null): { port: number } =>
  typeof address === 'object' && address !== null ? address : { port: 0 };
