import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsString,
  IsUrl,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { Agreed, AgreedOfChannel } from './agreed.js';

const ID = /^[a-z][a-z0-9-]{0,39}$/;
const ID_FORM = 'is 1 to 40 of a-z, 0-9 and "-", beginning with a letter';
const URL_RULE = { require_tld: false, protocols: ['http', 'https'], require_protocol: true };

/** What every configured account of a vendor has. */
abstract class Connection {
  @Matches(ID, { message: ID_FORM }) readonly id!: string;
  /** `observe` computes and shows every write and sends none. */
  @IsIn(['observe', 'live']) readonly mode: 'observe' | 'live' = 'observe';
  /** Orders placed before this are read for stock and trace, never posted. */
  @IsISO8601() readonly ordersFrom!: string;
  @IsUrl(URL_RULE) readonly baseUrl!: string;
  /** Where the vendor sends its webhooks: exactly as registered, signatures cover it. */
  @IsOptional() @IsUrl(URL_RULE) readonly webhookUrl?: string;
  /** How often the poll behind the webhooks runs, in seconds. */
  @IsInt() @Min(1) @Max(3600) readonly pollSeconds: number = 60;
}

export class SparkLayerConnection extends Connection {
  @IsIn(['sparklayer']) readonly vendor!: 'sparklayer';
  @IsString() readonly siteId!: string;
  @IsString() readonly clientId!: string;
  @IsString() readonly clientSecret!: string;
  /** The connection of the platform under it. */
  @IsString() readonly storefront!: string;
  /** Requests a second that we allow ourselves; SparkLayer publishes no number. */
  @IsInt() @Min(1) @Max(50) readonly requestsPerSecond: number = 5;
}

const SHORT_STOCK = ['hold', 'post-available', 'post-backorder'] as const;

export class ShopifyConnection extends Connection {
  @IsIn(['shopify']) readonly vendor!: 'shopify';
  @Matches(/^\d{4}-\d{2}$/, { message: 'is a version such as 2026-04' })
  readonly apiVersion!: string;
  /** `something.myshopify.com`; webhooks name it. */
  @IsString() readonly shopDomain!: string;
  @IsString() readonly accessToken!: string;
  /** App client secret: signs webhooks. A second one stays valid while a rotation is under way. */
  @IsArray() @ArrayMinSize(1) @IsString({ each: true }) readonly webhookSecrets!: string[];
  /** Who turns a draft into an order. */
  @IsIn(['staff', 'sparklayer', 'hub']) readonly completeDrafts!: 'staff' | 'sparklayer' | 'hub';
  /** What to do with a trade order of which units are missing, unless somebody decides it for one. */
  @IsIn(SHORT_STOCK) readonly shortStock: (typeof SHORT_STOCK)[number] = 'post-backorder';
  /** Who takes the goods of a retail order out of the stock master. */
  @IsIn(['hub-adjusts-at-dispatch', 'other-connector', 'separate-location'])
  readonly retailOrders!: 'hub-adjusts-at-dispatch' | 'other-connector' | 'separate-location';
  /** Who takes goods of a trade order in that came back: the hub by one adjustment, or staff at the till. */
  @IsIn(['hub-adjusts', 'booked-at-till'])
  readonly returnedGoods: 'hub-adjusts' | 'booked-at-till' = 'hub-adjusts';
  /** False stops telling this channel its stock. */
  @IsBoolean() readonly publishStock: boolean = true;
  /** Where the PO number is looked for, first hit wins. `note` needs `poNumberPattern`. */
  @IsArray()
  @IsIn(['po-number', 'attribute', 'trade', 'note'], { each: true })
  readonly poNumberFrom: ('po-number' | 'attribute' | 'trade' | 'note')[] = [
    'po-number',
    'attribute',
    'note',
  ];
  /** Finds the PO number in a note; its first group is the number. */
  @IsOptional() @IsString() readonly poNumberPattern?: string;
  /** Times of this channel where they differ from those of all. */
  @IsOptional() @ValidateNested() @Type(() => AgreedOfChannel) readonly agreed?: AgreedOfChannel;
}

export class SquareConnection extends Connection {
  @IsIn(['square']) readonly vendor!: 'square';
  @IsIn(['2025-08-20']) readonly apiVersion!: '2025-08-20';
  @IsString() readonly accessToken!: string;
  @IsString() readonly webhookSignatureKey!: string;
  /** Requests a second to begin with; the budget learns from refusals. Square publishes no number. */
  @IsInt() @Min(1) @Max(1_000) readonly requestsPerSecond: number = 10;
  /** Where the PO number goes on the order. */
  @IsArray()
  @IsIn(['metadata', 'shipping-note', 'ticket-name'], { each: true })
  readonly poNumberTo: ('metadata' | 'shipping-note' | 'ticket-name')[] = [
    'metadata',
    'shipping-note',
  ];
}

export type AnyConnection = SparkLayerConnection | ShopifyConnection | SquareConnection;

/** A channel's location that a stock location feeds. */
export class Feed {
  @IsString() readonly connection!: string;
  /** The vendor's id of its location: gid://shopify/Location/1, or a SparkLayer external id. */
  @IsString() readonly vendorLocationId!: string;
}

export class StockMaster {
  @IsString() readonly connection!: string;
  @IsString() readonly vendorLocationId!: string;
}

/** A place with a shelf. Listed in the order in which orders are allocated. */
export class StockLocation {
  @Matches(ID, { message: ID_FORM }) readonly id!: string;
  @IsString() readonly name!: string;
  @IsDefined() @ValidateNested() @Type(() => StockMaster) readonly master!: StockMaster;
  /** Where orders are posted, when another system than the POS counts the shelf (an ERP). */
  @IsOptional() @ValidateNested() @Type(() => StockMaster) readonly posting?: StockMaster;
  @IsArray() @ValidateNested({ each: true }) @Type(() => Feed) readonly feeds!: Feed[];
  /** Base units of every SKU kept back from the channels. */
  @IsInt() @Min(0) readonly bufferUnits: number = 0;
  /** True when promised goods are put aside and not counted. */
  @IsBoolean() readonly promisedGoodsAreSetAside: boolean = false;
}

export class Pack {
  @IsString() readonly sku!: string;
  /** The base SKU. */
  @IsString() readonly of!: string;
  @IsInt() @Min(2) @Max(100_000) readonly units!: number;
}

export class KitComponent {
  @IsString() readonly sku!: string;
  @IsInt() @Min(1) @Max(100_000) readonly quantity!: number;
}

export class Kit {
  @IsString() readonly sku!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ValidateNested({ each: true })
  @Type(() => KitComponent)
  readonly components!: KitComponent[];
}

/** A SKU that goes by another name now, or was made one with another. */
export class RenamedSku {
  @IsString() readonly from!: string;
  @IsString() readonly to!: string;
}

export class Products {
  @IsArray() @ValidateNested({ each: true }) @Type(() => Pack) readonly packs: Pack[] = [];
  @IsArray() @ValidateNested({ each: true }) @Type(() => Kit) readonly kits: Kit[] = [];
  /** What is told of an old name counts for the new one. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RenamedSku)
  readonly renamed: RenamedSku[] = [];
  /** Base units kept back of single SKUs, instead of the location's buffer. */
  @IsOptional() @IsObject() readonly bufferUnits?: Record<string, number>;
}

export class TenderRule {
  @IsIn(['on-account', 'invoice', 'card', 'quote', 'other'])
  readonly paymentMethod!: 'on-account' | 'invoice' | 'card' | 'quote' | 'other';
  /** What staff and finance read on the POS. */
  @Length(1, 255) readonly name!: string;
  /** The POS's kind of external payment: STORED_BALANCE, OTHER, CARD, BANK_TRANSFER … */
  @IsString() readonly kind!: string;
}

/** When every system's stock is compared with the hub's. */
export class Reconciliation {
  /** What changed since the last comparison. */
  @IsInt() @Min(1) @Max(1440) readonly everyMinutes: number = 5;
  /** Everything, once a day: a time of day in UTC at which the vendors are not busy. */
  @Matches(/^([01]\d|2[0-3]):[0-5]\d$/, { message: 'is a time of day in UTC such as 02:30' })
  readonly nightlyAt: string = '02:30';
}

/** `tillbridge.yaml`, whole. Values of the form `env:NAME` are taken from the environment. */
export class Configuration {
  @Matches(/^[A-Z]{3}$/, { message: 'is an ISO 4217 code such as GBP' }) readonly currency!: string;
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique((c: Connection) => c.id)
  @ValidateNested({ each: true })
  @Type(() => Connection as never, {
    keepDiscriminatorProperty: true,
    discriminator: {
      property: 'vendor',
      subTypes: [
        { name: 'sparklayer', value: SparkLayerConnection },
        { name: 'shopify', value: ShopifyConnection },
        { name: 'square', value: SquareConnection },
      ],
    },
  })
  readonly connections!: AnyConnection[];
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique((l: StockLocation) => l.id)
  @ValidateNested({ each: true })
  @Type(() => StockLocation)
  readonly locations!: StockLocation[];
  @ValidateNested() @Type(() => Products) readonly products: Products = new Products();
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique((t: TenderRule) => t.paymentMethod)
  @ValidateNested({ each: true })
  @Type(() => TenderRule)
  readonly tenders!: TenderRule[];
  @ValidateNested() @Type(() => Agreed) readonly agreed: Agreed = new Agreed();
  @ValidateNested()
  @Type(() => Reconciliation)
  readonly reconciliation: Reconciliation = new Reconciliation();
}
