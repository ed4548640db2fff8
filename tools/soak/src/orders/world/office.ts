import type { OrderFact } from '@tillbridge/domain';
import type { OrderMessage, ToldMessage } from '../order-message.js';
import type { LifeCourse } from './life-course.js';
import type { TradeMerchant } from './trade-merchant.js';

type Tender = Extract<OrderFact, { kind: 'tender-decided' }>['tender'];

interface Account {
  readonly told: ToldMessage['told'];
  readonly said?: { readonly method: string; readonly tender: string | undefined };
}

/**
 * Who decides how an order is paid at the POS: it speaks when its answer changes, and
 * when an order still waits for one.
 */
export class Office {
  private readonly accounts = new Map<string, Account>();

  constructor(
    private readonly merchant: TradeMerchant,
    private readonly course: LifeCourse,
  ) {}

  hear({ orderId, told }: ToldMessage): OrderMessage[] {
    const held = this.accounts.get(orderId);
    if (held !== undefined && held.told.revision >= told.revision) return [];
    return this.answer(orderId, { ...held, told });
  }

  /** Somebody completed the tender map. */
  review(): OrderMessage[] {
    return [...this.accounts].flatMap(([orderId, account]) => this.answer(orderId, account));
  }

  private answer(orderId: string, { told, said }: Account): OrderMessage[] {
    const method = told.paymentMethod;
    const tender = this.merchant.tenderOf(method);
    this.accounts.set(orderId, { told, said: { method, tender } });
    const same = said !== undefined && said.method === method && said.tender === tender;
    if (same && told.state !== 'received') return [];
    if (tender === undefined) this.course.note('tender-unmapped');
    const { revision } = told;
    const decided: Tender =
      tender === undefined
        ? { revision, outcome: 'unmapped' }
        : { revision, outcome: 'decided', tender: { name: tender, kind: 'OTHER' } };
    const fact = { kind: 'tender-decided', tender: decided } as const;
    return [{ id: this.course.newId('m'), kind: fact.kind, orderId, fact }];
  }
}
