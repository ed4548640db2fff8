import { Command, Option } from 'commander';
import { Failure, SERVICES, type Rebuild, type ServiceName } from '@tillbridge/contracts';
import { Asker, RebuildDesk } from '@tillbridge/messaging';
import { isoTime } from '../iso-time.js';
import { asOperator } from '../operator-connection.js';
import type { OperatorIo } from '../run-operator.js';
import { tableLines } from '../table-lines.js';

interface Flags {
  readonly since: string;
  readonly service?: ServiceName;
  readonly json?: true;
  readonly data: string;
}

/** What became of one service's rebuild; `error` when it refused or fell silent. */
interface Outcome {
  readonly service: ServiceName;
  readonly rebuild?: Rebuild;
  readonly error?: string;
}

/** `rebuild --since TIME`. `done` is told the exit code: 0 when every service has published all of it. */
export function rebuildCommand(io: OperatorIo, done: (code: number) => void): Command {
  return new Command('rebuild')
    .description('have the services publish again what a stream has lost; repeats do no harm')
    .requiredOption('--since <time>', 'ISO 8601, a little before the loss', isoTime)
    .addOption(new Option('--service <name>', 'only this one').choices(SERVICES))
    .option('--data <folder>', 'of the hub on this machine, unless NATS_URL is set', '.tillbridge')
    .option('--json', 'for programs')
    .action(async ({ since, service, json, data }: Flags) => {
      const services = service === undefined ? SERVICES : [service];
      const outcomes = await asOperator(io, data, (nats) => {
        const desk = new RebuildDesk(new Asker(nats));
        return Promise.all(services.map((each) => rebuildOne(io, desk, each, since)));
      });
      if (json === true) io.print(JSON.stringify(outcomes, null, 2));
      else for (const line of outcomeLines(outcomes)) io.print(line);
      done(outcomes.every(({ error }) => error === undefined) ? 0 : 1);
    });
}

async function rebuildOne(
  io: OperatorIo,
  desk: RebuildDesk,
  service: ServiceName,
  since: string,
): Promise<Outcome> {
  let rebuild: Rebuild | undefined;
  const onProgress = (soFar: Rebuild): void => {
    rebuild = soFar;
    io.complain(`${service}: ${soFar.messages} messages so far, ${soFar.pending} on their way`);
  };
  try {
    return { service, rebuild: await desk.rebuild(service, since, { onProgress }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { service, rebuild, error: error.message };
  }
}

function outcomeLines(outcomes: readonly Outcome[]): string[] {
  return tableLines<Outcome>(
    [
      { heading: 'service', of: ({ service }) => service },
      { heading: 'messages', of: ({ rebuild }) => rebuild?.messages ?? 0 },
      { heading: 'outcome', of: ({ error }) => error ?? 'published again' },
    ],
    outcomes,
  );
}
