import { type DestinationStream, type Logger, pino } from 'pino';

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
    gathered(pino.destination(2)),
  );
}

const longest_ms = 50;
const most_characters = 16_384;
/** How a line begins that tells of nothing unusual. */
const ordinary = '{"level":30,';

/**
 * Writes ordinary lines some at a time: one each would be a system call for every request. Whatever is worth a warning is
 * written at once, with all before it, and so is what is left when the process exits. Who kills it loses the lines of a moment.
 */
export function gathered(destination: Pick<DestinationStream, 'write'>): DestinationStream {
  let lines = '';
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (lines !== '') destination.write(lines);
    lines = '';
  };
  process.once('exit', flush);
  return {
    write(line) {
      lines += line;
      if (!line.startsWith(ordinary) || lines.length >= most_characters) flush();
      else timer ??= setTimeout(flush, longest_ms).unref();
    },
  };
}

export type { Logger };
