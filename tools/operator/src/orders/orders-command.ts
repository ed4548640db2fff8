import { Command, InvalidArgumentError, Option } from 'commander';
import {
  AskOrders,
  ORDER_STATES,
  TraceOrder,
  type OrderPage,
  type OrderState,
  type OrderSummary,
  type OrderTrace,
} from '@tillbridge/contracts';
import { Asker } from '@tillbridge/messaging';
import { asOperator } from '../operator-connection.js';
import { printAnswer, withPlace, type PlaceFlags } from '../printed-answer.js';
import type { OperatorIo } from '../run-operator.js';
import { addOrderDecisions } from './order-decisions.js';
import { listLines, traceLines } from './order-lines.js';

interface TraceFlags extends PlaceFlags {
  readonly orders: number;
}

interface ListFlags extends PlaceFlags {
  readonly state?: readonly OrderState[];
  readonly limit: number;
}

/** What one question may ask for. */
const PAGE = 1_000;

/** `orders trace|list|decide-short|dispatch|call-off`. `done` is told the exit code. */
export function ordersCommand(io: OperatorIo, done: (code: number) => void): Command {
  const group = new Command('orders').description('where orders are, and how they came there');
  withPlace(group.command('trace').description('an order in every system, and its story'))
    .argument('<identifier>', 'number, PO number, cart, draft, platform or POS order, customer')
    .addOption(upTo(20, '--orders <n>', 'when the text names several, at most', 5))
    .action(async (identifier: string, flags: TraceFlags) => {
      const trace = await asOperator(io, flags.data, (nats) =>
        new Asker(nats).ask<OrderTrace>(
          Object.assign(new TraceOrder(), { identifier, limit: flags.orders }),
        ),
      );
      printAnswer(io, flags, trace, traceLines);
      done(trace.orders.every(({ exceptions }) => exceptions.length === 0) ? 0 : 1);
    });
  withPlace(group.command('list').description('orders by state'))
    .addOption(
      new Option('--state <state...>', 'all states when left out').choices([...ORDER_STATES]),
    )
    .addOption(upTo(100_000, '--limit <n>', 'at most', 100))
    .action(async (flags: ListFlags) => {
      const orders = await asOperator(io, flags.data, (nats) => list(new Asker(nats), flags));
      printAnswer(io, flags, orders, listLines);
      done(0);
    });
  addOrderDecisions(group, io, done);
  return group;
}

async function list(asker: Asker, { state, limit }: ListFlags): Promise<OrderSummary[]> {
  const orders: OrderSummary[] = [];
  for (;;) {
    const wanted = Math.min(PAGE, limit - orders.length);
    const question = Object.assign(new AskOrders(), {
      limit: wanted,
      ...(state === undefined ? {} : { states: [...state] }),
      ...(orders.length === 0 ? {} : { afterOrderId: orders.at(-1)?.orderId }),
    });
    const page = await asker.ask<OrderPage>(question);
    orders.push(...page.orders);
    if (page.orders.length < wanted || orders.length >= limit) return orders;
  }
}

function upTo(most: number, flags: string, description: string, otherwise: number): Option {
  return new Option(flags, description).default(otherwise).argParser((text) => {
    const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
    if (value < 1 || value > most) throw new InvalidArgumentError(`is from 1 to ${most}`);
    return value;
  });
}
