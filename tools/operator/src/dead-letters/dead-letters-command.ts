import { userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { SERVICES, type DeadLetterAct, type ServiceName } from '@tillbridge/contracts';
import { DeadLetterDesk } from '@tillbridge/messaging';
import { asOperator } from '../operator-connection.js';
import type { OperatorIo } from '../run-operator.js';
import { findLetters, lettersWithId, type FoundLetter } from './find-letters.js';
import { actLines, letterLines, shownLines } from './letter-lines.js';

interface Flags {
  readonly service?: ServiceName;
  readonly consumer?: string;
  readonly code?: string;
  readonly limit: number;
  readonly all?: true;
  readonly by: string;
  readonly reason: string;
  readonly json?: true;
  readonly data: string;
}

type Work = (desk: DeadLetterDesk, flags: Flags, ids: string[]) => Promise<number>;

/** `dead-letters list|show|replay|discard|audit`. `done` is told the exit code. */
export function deadLettersCommand(io: OperatorIo, done: (code: number) => void): Command {
  const run =
    (work: Work) =>
    async (...args: unknown[]): Promise<void> => {
      const command = args.at(-1) as Command;
      const flags = command.opts<Flags>();
      done(
        await asOperator(io, flags.data, (nats) =>
          work(new DeadLetterDesk(nats), flags, command.args),
        ),
      );
    };
  const group = new Command('dead-letters').description('messages that could not be handled');
  const add = (name: string, description: string, work: Work): Command =>
    withPlace(group.command(name).description(description)).action(run(work));
  withFilter(add('list', 'the dead letters of all services, the oldest first', list(io))).addOption(
    limitOption(),
  );
  add('show', 'one of them, whole', show(io)).argument('<messageId>');
  withDecision(add('replay', 'run them through their handlers again', decide(io, 'replay'))).option(
    '--reason <text>',
    'why, for the audit',
    'replayed',
  );
  withDecision(
    add('discard', 'give them up; the audit keeps why', decide(io, 'discard')),
  ).requiredOption('--reason <text>', 'why, for the audit');
  add('audit', 'what was done with dead letters, the latest first', audit(io)).addOption(
    limitOption(),
  );
  return group;
}

function list(io: OperatorIo): Work {
  return async (desk, flags) => {
    const found = await findLetters(desk, servicesOf(flags), filterOf(flags), flags.limit);
    if (flags.json === true) io.print(JSON.stringify(found, null, 2));
    else {
      for (const line of letterLines(found.letters)) io.print(line);
      io.print(`${found.letters.length} of ${found.total}`);
    }
    return complainOfSilent(io, found.silent);
  };
}

function show(io: OperatorIo): Work {
  return async (desk, flags, [messageId = '']) => {
    const found = await lettersWithId(desk, servicesOf(flags), messageId);
    if (flags.json === true) io.print(JSON.stringify(found, null, 2));
    else for (const each of found) for (const line of shownLines(each)) io.print(line);
    if (found.length > 0) return 0;
    io.complain(`${messageId} is no dead letter, or no more`);
    return 1;
  };
}

function decide(io: OperatorIo, act: 'replay' | 'discard'): Work {
  return async (desk, flags, ids) => {
    const { by, reason } = flags;
    const { letters, missing } = await chosen(io, desk, flags, ids);
    const acts: (DeadLetterAct & { service: ServiceName })[] = [];
    for (const service of SERVICES) {
      const keys = letters.filter((each) => each.service === service).map(({ letter }) => letter);
      if (keys.length === 0) continue;
      const settled = await desk[act]({ service, letters: keys, by, reason });
      acts.push(...settled.map((each) => ({ ...each, service })));
    }
    if (flags.json === true) io.print(JSON.stringify(acts, null, 2));
    else for (const line of actLines(acts)) io.print(line);
    const wanted = act === 'replay' ? 'handled' : 'discarded';
    const reached = acts.filter(({ outcome }) => outcome === wanted).length;
    io.complain(`${reached} of ${letters.length} ${wanted}`);
    return missing === 0 && reached === letters.length ? 0 : 1;
  };
}

function audit(io: OperatorIo): Work {
  return async (desk, flags) => {
    const acts: (DeadLetterAct & { service: ServiceName })[] = [];
    for (const service of servicesOf(flags)) {
      const found = await desk.acts(service, flags.limit);
      acts.push(...found.map((each) => ({ ...each, service })));
    }
    acts.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
    const latest = acts.slice(0, flags.limit);
    if (flags.json === true) io.print(JSON.stringify(latest, null, 2));
    else for (const line of actLines(latest)) io.print(line);
    return 0;
  };
}

/** Those that are named, or all that the filter lets through. */
async function chosen(
  io: OperatorIo,
  desk: DeadLetterDesk,
  flags: Flags,
  ids: readonly string[],
): Promise<{ readonly letters: FoundLetter[]; readonly missing: number }> {
  if (ids.length === 0 && flags.all !== true) {
    throw new Error('name the messages, or say --all (with --service, --consumer or --code)');
  }
  if (ids.length > 0 && flags.all === true) {
    throw new Error('either name the messages or say --all');
  }
  if (flags.all === true) {
    const found = await findLetters(desk, servicesOf(flags), filterOf(flags), Infinity);
    return { letters: found.letters, missing: complainOfSilent(io, found.silent) };
  }
  const letters: FoundLetter[] = [];
  let missing = 0;
  for (const id of new Set(ids)) {
    const found = await lettersWithId(desk, servicesOf(flags), id);
    letters.push(...found);
    if (found.length > 0) continue;
    missing += 1;
    io.complain(`${id} is no dead letter, or no more`);
  }
  return { letters, missing };
}

function complainOfSilent(
  io: OperatorIo,
  silent: readonly { readonly service: ServiceName; readonly error: string }[],
): number {
  for (const { service, error } of silent) io.complain(`${service} does not answer: ${error}`);
  return silent.length === 0 ? 0 : 1;
}

function servicesOf({ service }: Flags): readonly ServiceName[] {
  return service === undefined ? SERVICES : [service];
}

function filterOf({ consumer, code }: Flags): { consumer?: string; code?: string } {
  return { consumer, code };
}

function withPlace(command: Command): Command {
  return command
    .addOption(new Option('--service <name>', 'only this one').choices(SERVICES))
    .option('--data <folder>', 'of the hub on this machine, unless NATS_URL is set', '.tillbridge')
    .option('--json', 'for programs');
}

function withFilter(command: Command): Command {
  return command
    .option('--consumer <name>', 'only those of this consumer')
    .option('--code <code>', 'only those with this code');
}

function withDecision(command: Command): Command {
  return withFilter(command)
    .argument('[messageId...]')
    .option('--all', 'all of them that the filters let through')
    .option('--by <login>', 'who decides, for the audit', userInfo().username);
}

function limitOption(): Option {
  return new Option('--limit <n>', 'how many at most').default(50).argParser((text) => {
    const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > 500) throw new InvalidArgumentError('is from 1 to 500');
    return limit;
  });
}
