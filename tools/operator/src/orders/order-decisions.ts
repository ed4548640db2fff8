import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { NatsConnection } from '@nats-io/transport-node';
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  CancelDispatch,
  DecideShort,
  RecordDispatch,
  TraceOrder,
  type OrderTrace,
  type TracedOrder,
} from '@tillbridge/contracts';
import { Asker, CommandDesk } from '@tillbridge/messaging';
import { isoTime } from '../iso-time.js';
import { asOperator } from '../operator-connection.js';
import { printAnswer, withPlace, type PlaceFlags } from '../printed-answer.js';
import type { OperatorIo } from '../run-operator.js';

interface DecisionFlags extends PlaceFlags {
  readonly by: string;
  readonly reason: string;
}

interface ShortFlags extends DecisionFlags {
  readonly choice: DecideShort['choice'];
}

interface DispatchFlags extends PlaceFlags {
  readonly by: string;
  readonly location: string;
  readonly units: readonly UnitsOfSku[];
  readonly dispatch?: string;
  readonly revision: number;
  readonly carrier?: string;
  readonly tracking?: string;
  readonly at?: string;
}

interface UnitsOfSku {
  readonly sku: string;
  readonly units: number;
}

/** What was handed over, and about which order. */
interface Handed {
  readonly name: string;
  readonly orderId: string;
  readonly dispatchId?: string;
}

const CHOICES: readonly DecideShort['choice'][] = ['hold', 'post-available', 'post-backorder'];

/** Adds `decide-short`, `dispatch` and `call-off`: what people decide about one order. */
export function addOrderDecisions(
  group: Command,
  io: OperatorIo,
  done: (code: number) => void,
): void {
  const hand = async (
    flags: PlaceFlags,
    identifier: string,
    toCommand: (orderId: string) => object & { readonly dispatchId?: string },
  ): Promise<void> => {
    const handed = await asOperator(io, flags.data, (nats) =>
      handOver(nats, identifier, toCommand),
    );
    printAnswer(io, flags, handed, handedLines);
    done(0);
  };
  withDecision(group.command('decide-short').description('what becomes of one order that is short'))
    .addOption(
      new Option('--choice <choice>', 'from now on').choices([...CHOICES]).makeOptionMandatory(),
    )
    .action((identifier: string, flags: ShortFlags) => {
      const { choice, by, reason } = flags;
      return hand(flags, identifier, (orderId) =>
        Object.assign(new DecideShort(), { orderId, choice, by, reason }),
      );
    });
  withShipment(group.command('dispatch').description('goods of an order left a store')).action(
    (identifier: string, flags: DispatchFlags) => {
      const told = toDispatch(flags);
      return hand(flags, identifier, (orderId) =>
        Object.assign(new RecordDispatch(), { ...told, orderId }),
      );
    },
  );
  withDecision(group.command('call-off').description('a dispatch that did not leave after all'))
    .requiredOption('--dispatch <id>', 'which, as `dispatch` named it')
    .action((identifier: string, flags: DecisionFlags & { readonly dispatch: string }) => {
      const { dispatch: dispatchId, by, reason } = flags;
      return hand(flags, identifier, (orderId) =>
        Object.assign(new CancelDispatch(), { dispatchId, orderId, by, reason }),
      );
    });
}

async function handOver(
  nats: NatsConnection,
  identifier: string,
  toCommand: (orderId: string) => object & { readonly dispatchId?: string },
): Promise<Handed> {
  const { orderId, name } = await theOrder(new Asker(nats), identifier);
  const command = toCommand(orderId);
  await new CommandDesk(nats).hand(command);
  const { dispatchId } = command;
  return { name, orderId, ...(dispatchId === undefined ? {} : { dispatchId }) };
}

/** @throws Error when the text names several orders. */
async function theOrder(asker: Asker, identifier: string): Promise<TracedOrder> {
  const question = Object.assign(new TraceOrder(), { identifier, limit: 5 });
  const { orders, matches } = await asker.ask<OrderTrace>(question);
  const [order] = orders;
  if (order !== undefined && matches === 1) return order;
  const ids = orders.map(({ name, orderId }) => `${name} ${orderId}`).join(', ');
  throw new Error(`'${identifier}' names ${matches} orders; say one of their ids: ${ids}`);
}

function toDispatch(flags: DispatchFlags): Omit<RecordDispatch, 'orderId'> {
  const { by, location, units, dispatch, revision, carrier, tracking, at } = flags;
  return {
    dispatchId: dispatch ?? randomUUID(),
    revision,
    locationId: location,
    lines: [...units],
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { trackingNumber: tracking }),
    dispatchedAt: at ?? new Date().toISOString(),
    by,
  };
}

function handedLines({ name, dispatchId }: Handed): string[] {
  const shipment = dispatchId === undefined ? '' : ` as dispatch ${dispatchId}`;
  return [`handed over for ${name}${shipment}; 'orders trace ${name}' shows what became of it`];
}

function withDecision(command: Command): Command {
  return withPlace(command)
    .argument('<identifier>', 'the order: any text that names it and no other')
    .option('--by <login>', 'who decides, for the story', userInfo().username)
    .requiredOption('--reason <text>', 'why, for the story');
}

function withShipment(command: Command): Command {
  return withPlace(command)
    .argument('<identifier>', 'the order: any text that names it and no other')
    .option('--by <login>', 'who says so, for the story', userInfo().username)
    .requiredOption('--location <id>', 'the store that the goods left')
    .addOption(
      new Option('--units <sku=n>', 'base units, once for each SKU')
        .argParser(addUnits)
        .makeOptionMandatory(),
    )
    .option('--dispatch <id>', 'its id, to correct one that was told before')
    .addOption(
      new Option('--revision <n>', 'higher than before in a correction')
        .default(1)
        .argParser((text) => wholeNumber(text)),
    )
    .option('--carrier <name>', 'who carries it')
    .option('--tracking <number>', 'its tracking number')
    .option('--at <time>', 'when it left, ISO 8601; now when left out', isoTime);
}

/** `MUG-RED=12`; a SKU may have an equals sign of its own. */
function addUnits(text: string, before: readonly UnitsOfSku[] | undefined): readonly UnitsOfSku[] {
  const cut = text.lastIndexOf('=');
  if (cut < 1) throw new InvalidArgumentError('is SKU=UNITS, as in MUG-RED=12');
  return [...(before ?? []), { sku: text.slice(0, cut), units: wholeNumber(text.slice(cut + 1)) }];
}

function wholeNumber(text: string): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw new InvalidArgumentError('is a whole number above zero');
  return value;
}
