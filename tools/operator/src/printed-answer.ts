import type { Command } from 'commander';
import type { OperatorIo } from './run-operator.js';

/** Where the hub is, and for whom the answer is printed. */
export interface PlaceFlags {
  readonly json?: true;
  readonly data: string;
}

/** Prints an answer for people, or as JSON for programs. */
export function printAnswer<T>(
  io: OperatorIo,
  { json }: PlaceFlags,
  answer: T,
  linesOf: (answer: T) => string[],
): void {
  if (json === true) io.print(JSON.stringify(answer, null, 2));
  else for (const line of linesOf(answer)) io.print(line);
}

/** A command with the flags that `PlaceFlags` are read from. */
export function withPlace(command: Command): Command {
  return command
    .option('--data <folder>', 'of the hub on this machine, unless NATS_URL is set', '.tillbridge')
    .option('--json', 'for programs');
}
