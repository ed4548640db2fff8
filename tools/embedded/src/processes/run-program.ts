const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Runs a program of the command line. Its result is the exit code; an error is told in its own words
 * and makes it 1. The signal aborts when the program is asked to stop: the first SIGINT or SIGTERM
 * lets it put away what it started, a second one ends it at once.
 */
export function runProgram(program: (stop: AbortSignal) => Promise<number>): void {
  const stop = new AbortController();
  const ask = (): void => {
    // Nobody listens any more, so that the next signal, whichever it is, does what signals do.
    for (const signal of SIGNALS) process.off(signal, ask);
    stop.abort(new Error('stopped'));
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  program(stop.signal).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
