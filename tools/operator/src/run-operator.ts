import { Command, CommanderError } from 'commander';
import { Failure } from '@tillbridge/contracts';
import { deadLettersCommand } from './dead-letters/dead-letters-command.js';
import { ordersCommand } from './orders/orders-command.js';
import { rebuildCommand } from './rebuild/rebuild-command.js';
import { stockCommand } from './stock/stock-command.js';

/** What the commands read and write; tests give their own. */
export interface OperatorIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  print(line: string): void;
  complain(line: string): void;
}

/** Runs one command line. 0: done. 1: not all of it. 2: it could not be understood or begun. */
export async function runOperator(args: readonly string[], io: OperatorIo): Promise<number> {
  let code = 0;
  const program = new Command('operator')
    .description('What people do with a running hub, over NATS')
    .addCommand(deadLettersCommand(io, (result) => (code = result)))
    .addCommand(ordersCommand(io, (result) => (code = result)))
    .addCommand(rebuildCommand(io, (result) => (code = result)))
    .addCommand(stockCommand(io, (result) => (code = result)));
  quiet(program, io);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    io.complain(wordsOf(error));
    return 2;
  }
}

/** Nothing below writes by itself or ends the process. */
function quiet(command: Command, io: OperatorIo): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => io.print(text.trimEnd()),
    writeErr: (text) => io.complain(text.trimEnd()),
  });
  for (const each of command.commands) quiet(each, io);
}

function wordsOf(error: unknown): string {
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
