import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Config, readConfig } from './config.ts';

/**
 * The server writes down where it can be reached, so that links which other commands make lead to it, also when it was
 * started with another PORT than they were.
 */
export async function noteAddress({ dataDir, baseUrl }: Config): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeFile(path.join(dataDir, fileName), `${baseUrl}\n`);
  } catch {
    // Beside a database of its own a server needs no folder; then BASE_URL tells the others.
  }
}

/** The configuration of a command beside the server. Throws ConfigError. */
export function readConfigBesideServer(env: NodeJS.ProcessEnv = process.env): Config {
  const config = readConfig(env);
  if (env.BASE_URL || env.PORT || env.HOST) return config;
  const baseUrl = notedAddress(config.dataDir);
  return baseUrl === undefined ? config : { ...config, baseUrl };
}

const fileName = 'address.txt';

function notedAddress(dataDir: string): string | undefined {
  try {
    return new URL(readFileSync(path.join(dataDir, fileName), 'utf8').trim()).origin;
  } catch {
    return undefined;
  }
}
