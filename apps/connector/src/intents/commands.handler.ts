import { Controller } from '@nestjs/common';
import {
  AdjustStock,
  CancelFulfilment,
  CompleteDraft,
  CompleteFulfilment,
  CreateFulfilment,
  Failure,
  PostOrder,
  ReverseOrder,
  SetStock,
  SetTradeStock,
  shapeOf,
  UpdateTracking,
  type MessageClass,
  type Received,
} from '@tillbridge/contracts';
import { Consumes } from '@tillbridge/messaging';
import { Database } from '@tillbridge/postgres';
import { HostedConnections } from '../connections/hosted-connections.js';
import { IntentBook, type Lane } from './intent-book.js';

type Command = { readonly connectionId: string };

/** Lower goes first, within the lane. */
const PLACES = new Map<MessageClass, { lane: Lane; priority: number }>([
  [SetStock, { lane: 'stock', priority: 0 }],
  [SetTradeStock, { lane: 'stock', priority: 0 }],
  [PostOrder, { lane: 'other', priority: 1 }],
  // Staff are about to send what nobody wants any more.
  [ReverseOrder, { lane: 'other', priority: 0 }],
  [CreateFulfilment, { lane: 'other', priority: 1 }],
  [CancelFulfilment, { lane: 'other', priority: 1 }],
  [UpdateTracking, { lane: 'other', priority: 2 }],
  [CompleteFulfilment, { lane: 'other', priority: 1 }],
  [CompleteDraft, { lane: 'other', priority: 1 }],
  [AdjustStock, { lane: 'other', priority: 2 }],
]);

/** Commands in: each becomes an intent in the transaction that marks it handled. */
@Controller()
export class CommandsHandler {
  constructor(
    private readonly database: Database,
    private readonly intents: IntentBook,
    private readonly hosted: HostedConnections,
  ) {}

  @Consumes(SetStock)
  setStock(received: Received<SetStock>[]): Promise<void> {
    return this.plan(SetStock, received);
  }

  @Consumes(SetTradeStock)
  setTradeStock(received: Received<SetTradeStock>[]): Promise<void> {
    return this.plan(SetTradeStock, received);
  }

  @Consumes(PostOrder)
  postOrder(received: Received<PostOrder>[]): Promise<void> {
    return this.plan(PostOrder, received);
  }

  @Consumes(ReverseOrder)
  reverseOrder(received: Received<ReverseOrder>[]): Promise<void> {
    return this.plan(ReverseOrder, received);
  }

  @Consumes(AdjustStock)
  adjustStock(received: Received<AdjustStock>[]): Promise<void> {
    return this.plan(AdjustStock, received);
  }

  @Consumes(CreateFulfilment)
  createFulfilment(received: Received<CreateFulfilment>[]): Promise<void> {
    return this.plan(CreateFulfilment, received);
  }

  @Consumes(CancelFulfilment)
  cancelFulfilment(received: Received<CancelFulfilment>[]): Promise<void> {
    return this.plan(CancelFulfilment, received);
  }

  @Consumes(UpdateTracking)
  updateTracking(received: Received<UpdateTracking>[]): Promise<void> {
    return this.plan(UpdateTracking, received);
  }

  @Consumes(CompleteFulfilment)
  completeFulfilment(received: Received<CompleteFulfilment>[]): Promise<void> {
    return this.plan(CompleteFulfilment, received);
  }

  @Consumes(CompleteDraft)
  completeDraft(received: Received<CompleteDraft>[]): Promise<void> {
    return this.plan(CompleteDraft, received);
  }

  /** @throws Failure `bad-message` when the connection is not ours or cannot do such a thing. */
  private async plan<C extends Command>(
    type: MessageClass<C>,
    received: readonly Received<C>[],
  ): Promise<void> {
    const act = shapeOf(type).subject;
    for (const { data } of received) {
      const vendor = this.hosted.find(data.connectionId)?.vendor;
      if (vendor?.acts.some((each) => each.command === type)) continue;
      throw new Failure('bad-message', 'never', `'${data.connectionId}' cannot do ${act}`);
    }
    await this.database.handleOnce(received, async (tx, fresh) => {
      const place = PLACES.get(type)!;
      await this.intents.add(
        tx,
        fresh.map(({ id, data }) => ({
          ...place,
          id,
          connection: data.connectionId,
          act,
          command: data,
        })),
      );
    });
    for (const connection of new Set(received.map(({ data }) => data.connectionId))) {
      this.hosted.find(connection)?.worker.wake();
    }
  }
}
