import { type Logger, pino } from 'pino';

/** Structured logs on stderr. What could be a secret or a person's datum is never handed to it; these are the net. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['key', 'token', 'authorization', 'cookie', '*.key', '*.token', '*.authorization', '*.cookie'],
      },
    },
    pino.destination(2),
  );
}

export type { Logger };
