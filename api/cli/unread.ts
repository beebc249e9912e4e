/**
 * Whoever reads what a command prints may go away before its end (`deskhand doctor | head -3`): they are told no more, and what the
 * command does is done to its end, for half an import is worse than one nobody reads about.
 */
export function printForWhoeverReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
