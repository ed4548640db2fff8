import {
  flag,
  integer,
  list,
  metadata,
  money,
  oneOf,
  required,
  shape,
  text,
  time,
  unsimulated,
  wholeQuantity,
} from './request-shape.js';
import type { Check } from './request-shape.js';
import { EXTERNAL_TYPES } from './square-payment.js';
import { EVENT_TYPES } from './square-webhooks.js';

const INVENTORY_STATES = [
  'IN_STOCK',
  'SOLD',
  'RETURNED_BY_CUSTOMER',
  'RESERVED_FOR_SALE',
  'SOLD_ONLINE',
  'ORDERED_FROM_VENDOR',
  'RECEIVED_FROM_VENDOR',
  'IN_TRANSIT_TO',
  'NONE',
  'WASTE',
  'UNLINKED_RETURN',
  'COMPOSED',
  'DECOMPOSED',
];
const ORDER_STATES = ['DRAFT', 'OPEN', 'COMPLETED', 'CANCELED'];
const FULFILMENT_STATES = ['PROPOSED', 'RESERVED', 'PREPARED', 'COMPLETED', 'CANCELED', 'FAILED'];
const FULFILMENT_TYPES = ['PICKUP', 'SHIPMENT', 'DELIVERY'];
const timeRange = shape({ start_at: time, end_at: time });
const textFilter = shape({ exact: text(0, 500), fuzzy: text(0, 500) });

export const catalogSearch = shape({
  cursor: text(1, 2000),
  object_types: list(text(1, 60)),
  include_deleted_objects: flag,
  include_related_objects: flag,
  begin_time: time,
  limit: integer(1, 1000),
  query: shape({
    exact_query: shape({
      attribute_name: required(oneOf('sku')),
      attribute_value: required(text(1, 255)),
    }),
    set_query: shape({
      attribute_name: required(oneOf('sku')),
      attribute_values: required(list(text(1, 255), 1, 250)),
    }),
    prefix_query: unsimulated,
    text_query: unsimulated,
  }),
});

export const catalogBatchRetrieve = shape({
  object_ids: required(list(text(1, 192), 1, 1000)),
  include_related_objects: flag,
  include_deleted_objects: flag,
});

export const countsBatchRetrieve = shape({
  catalog_object_ids: list(text(1, 100), 0, 1000),
  location_ids: list(text(1, 100)),
  updated_after: time,
  cursor: text(1, 2000),
  states: list(oneOf(...INVENTORY_STATES)),
  limit: integer(1, 1000),
});

export const changesBatchRetrieve = shape({
  catalog_object_ids: list(text(1, 100), 0, 1000),
  location_ids: list(text(1, 100)),
  types: list(oneOf('PHYSICAL_COUNT', 'ADJUSTMENT')),
  states: list(oneOf(...INVENTORY_STATES)),
  updated_after: time,
  updated_before: time,
  cursor: text(1, 2000),
  limit: integer(1, 1000),
});

const changedThing = {
  reference_id: text(1, 255),
  catalog_object_id: required(text(1, 100)),
  catalog_object_type: oneOf('ITEM_VARIATION'),
  location_id: required(text(1, 100)),
  quantity: required(wholeQuantity(26)),
  occurred_at: required(time),
  team_member_id: text(1, 100),
};

export const changesBatchCreate = shape({
  idempotency_key: required(text(1, 128)),
  ignore_unchanged_counts: flag,
  changes: required(
    list(
      shape({
        type: required(oneOf('ADJUSTMENT', 'PHYSICAL_COUNT')),
        adjustment: shape({
          ...changedThing,
          from_state: required(oneOf(...INVENTORY_STATES)),
          to_state: required(oneOf(...INVENTORY_STATES)),
        }),
        physical_count: shape({ ...changedThing, state: required(oneOf('IN_STOCK')) }),
      }),
      1,
      100,
    ),
  ),
});

/** Shapes that hold money know the currency of the seller. */
export function orderRequests(currency: string): Record<'create' | 'update' | 'pay', Check> {
  const line = {
    uid: text(1, 60),
    name: text(1, 512),
    note: text(0, 2000),
    catalog_object_id: text(1, 192),
    catalog_version: integer(0),
    variation_name: text(0, 400),
    item_type: oneOf('ITEM'),
    metadata,
    base_price_money: money(currency),
    modifiers: unsimulated,
    applied_taxes: unsimulated,
    applied_discounts: unsimulated,
    quantity_unit: unsimulated,
  };
  const order = {
    reference_id: text(0, 40),
    customer_id: text(0, 191),
    ticket_name: text(0, 30),
    source: shape({ name: text(0, 255) }),
    state: oneOf(...ORDER_STATES),
    metadata,
    taxes: unsimulated,
    service_charges: unsimulated,
    pricing_options: shape({ auto_apply_discounts: flag, auto_apply_taxes: flag }),
    discounts: list(discountShape(currency)),
  };
  return {
    create: shape({
      idempotency_key: text(1, 192),
      order: required(
        shape({
          ...order,
          location_id: required(text(1, 50)),
          line_items: list(shape({ ...line, quantity: required(wholeQuantity(12)) }), 0, 500),
          fulfillments: list(fulfilmentShape('create'), 0, 1),
        }),
      ),
    }),
    update: shape({
      idempotency_key: text(1, 192),
      fields_to_clear: list(text(1, 255)),
      order: required(
        shape({
          ...order,
          location_id: text(1, 50),
          version: integer(1),
          line_items: list(shape({ ...line, quantity: wholeQuantity(12) })),
          fulfillments: list(fulfilmentShape('update')),
        }),
      ),
    }),
    pay: shape({
      idempotency_key: required(text(1, 192)),
      order_version: integer(1),
      payment_ids: list(text(1, 192)),
    }),
  };
}

function discountShape(currency: string): Check {
  return shape({
    uid: text(1, 60),
    name: required(text(1, 255)),
    type: required(oneOf('FIXED_AMOUNT')),
    amount_money: required(money(currency)),
    scope: oneOf('ORDER'),
    metadata,
    percentage: unsimulated,
    catalog_object_id: unsimulated,
  });
}

/** On creation somebody has to be named who receives the goods. */
function fulfilmentShape(moment: 'create' | 'update'): Check {
  const recipient = shape({
    customer_id: text(1, 191),
    display_name: moment === 'create' ? required(text(1, 255)) : text(1, 255),
    email_address: text(1, 255),
    phone_number: text(1, 17),
    address: (value, path) => shape(ADDRESS)(value, path),
  });
  const details = {
    recipient: moment === 'create' ? required(recipient) : recipient,
    cancel_reason: text(0, 100),
  };
  const shipment = shape({
    ...details,
    carrier: text(0, 50),
    shipping_note: text(0, 500),
    shipping_type: text(0, 50),
    tracking_number: text(0, 100),
    tracking_url: text(0, 2000),
    expected_shipped_at: time,
    canceled_at: time,
  });
  const pickup = shape({
    ...details,
    note: text(0, 500),
    schedule_type: oneOf('SCHEDULED', 'ASAP'),
    pickup_at: time,
  });
  return shape({
    uid: text(1, 60),
    type: moment === 'create' ? required(oneOf(...FULFILMENT_TYPES)) : oneOf(...FULFILMENT_TYPES),
    state: oneOf(...FULFILMENT_STATES),
    metadata,
    shipment_details: shipment,
    pickup_details: pickup,
    delivery_details: unsimulated,
  });
}

const ADDRESS = {
  address_line_1: text(0, 500),
  address_line_2: text(0, 500),
  address_line_3: text(0, 500),
  locality: text(0, 300),
  sublocality: text(0, 300),
  administrative_district_level_1: text(0, 200),
  postal_code: text(0, 12),
  country: text(2, 2),
  first_name: text(0, 300),
  last_name: text(0, 300),
};

export const ordersSearch = shape({
  location_ids: required(list(text(1, 50), 1, 10)),
  cursor: text(1, 2000),
  limit: integer(1, 1000),
  return_entries: flag,
  query: shape({
    filter: shape({
      state_filter: shape({ states: required(list(oneOf(...ORDER_STATES), 1)) }),
      date_time_filter: shape({
        created_at: timeRange,
        updated_at: timeRange,
        closed_at: timeRange,
      }),
      fulfillment_filter: shape({
        fulfillment_types: list(oneOf(...FULFILMENT_TYPES)),
        fulfillment_states: list(oneOf(...FULFILMENT_STATES)),
      }),
      source_filter: shape({ source_names: list(text(1, 255), 0, 10) }),
      customer_filter: shape({ customer_ids: list(text(1, 191), 0, 10) }),
    }),
    sort: shape({
      sort_field: required(oneOf('CREATED_AT', 'UPDATED_AT', 'CLOSED_AT')),
      sort_order: oneOf('ASC', 'DESC'),
    }),
  }),
});

export const ordersBatchRetrieve = shape({
  location_id: text(1, 50),
  order_ids: required(list(text(1, 192), 1, 100)),
});

export function paymentRequests(currency: string): Record<'create' | 'refund', Check> {
  return {
    create: shape({
      source_id: required(oneOf('EXTERNAL')),
      idempotency_key: required(text(1, 45)),
      amount_money: required(money(currency)),
      order_id: required(text(1, 192)),
      location_id: text(1, 50),
      customer_id: text(1, 191),
      reference_id: text(0, 40),
      note: text(0, 500),
      autocomplete: flag,
      external_details: required(
        shape({
          type: required(oneOf(...EXTERNAL_TYPES)),
          source: required(text(1, 255)),
          source_id: text(0, 255),
        }),
      ),
      tip_money: unsimulated,
      app_fee_money: unsimulated,
      cash_details: unsimulated,
      delay_duration: unsimulated,
    }),
    refund: shape({
      idempotency_key: required(text(1, 45)),
      amount_money: required(money(currency)),
      payment_id: required(text(1, 192)),
      reason: text(0, 192),
      payment_version_token: text(1, 192),
      unlinked: unsimulated,
      app_fee_money: unsimulated,
    }),
  };
}

export const paymentCancel = shape({ idempotency_key: required(text(1, 45)) });

export const customerCreate = shape({
  idempotency_key: text(0, 255),
  given_name: text(0, 300),
  family_name: text(0, 300),
  company_name: text(0, 500),
  nickname: text(0, 100),
  email_address: text(0, 254),
  phone_number: text(0, 17),
  reference_id: text(0, 100),
  note: text(0, 500),
  address: shape(ADDRESS),
});

export const customersSearch = shape({
  cursor: text(1, 2000),
  limit: integer(1, 100),
  count: flag,
  query: shape({
    filter: shape({
      email_address: textFilter,
      phone_number: textFilter,
      reference_id: textFilter,
      created_at: timeRange,
      updated_at: timeRange,
      group_ids: unsimulated,
      creation_source: unsimulated,
    }),
    sort: shape({ field: oneOf('DEFAULT', 'CREATED_AT'), order: oneOf('ASC', 'DESC') }),
  }),
});

export const webhookSubscriptionCreate = shape({
  idempotency_key: text(1, 45),
  subscription: required(
    shape({
      name: required(text(1, 64)),
      enabled: flag,
      event_types: required(list(oneOf(...EVENT_TYPES), 1)),
      notification_url: required(text(1, 2000)),
      api_version: text(1, 20),
    }),
  ),
});

/** The version of a subscription is not changed. */
export const webhookSubscriptionUpdate = shape({
  subscription: required(
    shape({
      name: text(1, 64),
      enabled: flag,
      event_types: list(oneOf(...EVENT_TYPES), 1),
      notification_url: text(1, 2000),
    }),
  ),
});
