// The parts of Square's objects that the hub reads or writes, by Square's own names.

export interface Money {
  readonly amount: number;
  readonly currency: string;
}

export interface SquareError {
  readonly category: string;
  readonly code: string;
  readonly field?: string;
  readonly detail?: string;
}

export interface InventoryCount {
  readonly catalog_object_id: string;
  readonly state: string;
  readonly location_id: string;
  readonly quantity: string;
  readonly calculated_at: string;
}

export interface InventoryAdjustment {
  readonly id: string;
  readonly reference_id?: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly location_id: string;
  readonly catalog_object_id: string;
  readonly quantity: string;
  readonly occurred_at: string;
  readonly created_at: string;
  readonly source?: { readonly product?: string };
  readonly transaction_id?: string;
}

export interface InventoryPhysicalCount {
  readonly id: string;
  readonly catalog_object_id: string;
  readonly state: string;
  readonly location_id: string;
  readonly quantity: string;
  readonly occurred_at?: string;
  readonly created_at: string;
}

export interface InventoryChange {
  readonly type: string;
  readonly adjustment?: InventoryAdjustment;
  readonly physical_count?: InventoryPhysicalCount;
}

/** A change that we write. */
export interface NewAdjustment {
  readonly reference_id: string;
  readonly catalog_object_id: string;
  readonly location_id: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly quantity: string;
  readonly occurred_at: string;
}

export interface Fulfilment {
  readonly uid: string;
  readonly type: string;
  readonly state: string;
  readonly shipment_details?: {
    readonly carrier?: string;
    readonly tracking_number?: string;
    readonly shipped_at?: string;
  };
}

/** A line of an order, or one that came back. */
export interface SoldLine {
  readonly catalog_object_id?: string;
  readonly name?: string;
  readonly quantity: string;
  readonly total_money?: Money;
}

export interface Order {
  readonly id: string;
  readonly location_id: string;
  readonly version?: number;
  readonly state: string;
  readonly reference_id?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly customer_id?: string;
  readonly line_items?: readonly SoldLine[];
  readonly returns?: readonly {
    readonly source_order_id?: string;
    readonly return_line_items?: readonly SoldLine[];
  }[];
  readonly refunds?: readonly { readonly amount_money: Money }[];
  readonly net_amounts?: { readonly total_money?: Money; readonly tax_money?: Money };
  readonly fulfillments?: readonly Fulfilment[];
  readonly tenders?: readonly {
    readonly id: string;
    readonly payment_id?: string;
    readonly type?: string;
    readonly customer_id?: string;
    readonly amount_money?: Money;
  }[];
  readonly total_money?: Money;
  readonly created_at?: string;
  readonly updated_at: string;
  readonly closed_at?: string;
}

export interface CatalogueObject {
  readonly type: string;
  readonly id: string;
  readonly is_deleted?: boolean;
  readonly item_variation_data?: {
    readonly sku?: string;
    readonly stockable_conversion?: { readonly stockable_item_variation_id: string };
  };
  readonly item_data?: { readonly variations?: readonly CatalogueObject[] };
}

export interface Customer {
  readonly id: string;
  readonly reference_id?: string;
}

export interface Subscription {
  readonly id: string;
  readonly enabled?: boolean;
  readonly event_types?: readonly string[];
  readonly notification_url?: string;
  readonly api_version?: string;
}
