import type { SquareClock } from './square-clock.js';
import { invalid, notFound } from './square-error.js';
import type { SquareIds } from './square-ids.js';
import type { SquareWebhooks } from './square-webhooks.js';

export interface WantedCustomer {
  given_name?: string;
  family_name?: string;
  company_name?: string;
  nickname?: string;
  email_address?: string;
  phone_number?: string;
  reference_id?: string;
  note?: string;
}

export interface SquareCustomer extends WantedCustomer {
  id: string;
  created_at: string;
  updated_at: string;
  creation_source: 'THIRD_PARTY' | 'DIRECTORY';
  version: number;
}

const NAMES = [
  'given_name',
  'family_name',
  'company_name',
  'email_address',
  'phone_number',
] as const;

export class CustomerBook {
  private readonly customers = new Map<string, SquareCustomer>();

  constructor(
    private readonly clock: SquareClock,
    private readonly ids: SquareIds,
    private readonly webhooks: SquareWebhooks,
  ) {}

  /** Takes duplicates without a word, as Square does. */
  add(wanted: WantedCustomer, source: SquareCustomer['creation_source']): SquareCustomer {
    if (NAMES.every((name) => (wanted[name] ?? '') === '')) {
      throw invalid('CUSTOMER_MISSING_NAME', `At least one of ${NAMES.join(', ')} is needed.`);
    }
    const at = this.clock.stampMs();
    const customer: SquareCustomer = {
      ...wanted,
      id: this.ids.next(),
      created_at: at,
      updated_at: at,
      creation_source: source,
      version: 0,
    };
    this.customers.set(customer.id, customer);
    this.webhooks.emit('customer.created', {
      type: 'customer',
      id: customer.id,
      object: { customer },
    });
    return customer;
  }

  /** @throws SquareError NOT_FOUND */
  get(id: string): SquareCustomer {
    const customer = this.customers.get(id);
    if (customer === undefined) throw notFound('Customer', id, 'customer_id');
    return customer;
  }

  all(): SquareCustomer[] {
    return [...this.customers.values()];
  }
}
