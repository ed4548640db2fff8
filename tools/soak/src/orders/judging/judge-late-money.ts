import { Violation } from '../../run/violation.js';
import { leftOf } from '../world/shop-document.js';
import type { ShopOrder } from '../world/shop-order.js';
import type { TillOrder } from '../world/till.js';
import type { TradeMerchant } from '../world/trade-merchant.js';
import { sumOf } from './units.js';

/** From and to, both included. */
interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * Of an order of which more left than is wanted: the money of a line that left stays until people
 * have agreed on it, and every other line is charged as the platform says, to the cent.
 * @throws Violation
 */
export function judgeLateMoney(
  order: ShopOrder,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
): void {
  const held = postings.reduce((sum, { netMinor }) => sum + netMinor, 0);
  const ranges = [...linesOf(order, postings, merchant), chargesOf(order, postings)];
  const least = ranges.reduce((sum, range) => sum + range.least, 0);
  const most = ranges.reduce((sum, range) => sum + range.most, 0);
  if (held >= least && held <= most) return;
  const said = `${order.orderId} is ${held} and should be ${least} to ${most}`;
  throw new Violation('cents of what left', said);
}

function linesOf(
  { order, wanted: isWanted }: ShopOrder,
  postings: readonly TillOrder[],
  merchant: TradeMerchant,
): Range[] {
  const left = sumOf(postings.map((posting) => posting.left));
  const lines = order?.status === 'deleted' ? [] : (order?.lines ?? []);
  const ids = new Set([...lines.map(({ lineId }) => lineId), ...postings.flatMap(goodsOf)]);
  return [...ids].map((lineId) => {
    const line = lines.find((each) => each.lineId === lineId);
    const charged = line === undefined ? 0 : (order?.lineMinor(line) ?? 0);
    const held = postings.reduce((sum, posting) => sum + postedMinor(posting, lineId), 0);
    const sku = line?.sku ?? undefined;
    const wanted = line === undefined ? 0 : leftOf(line);
    const parts = sku === undefined ? [] : merchant.partsOf(sku);
    const begun = parts.some((part) => Math.ceil((left.get(part.sku) ?? 0) / part.units) > wanted);
    // Lines without units leave with the last goods, so that nobody can say of them.
    const mayStay = !isWanted || line === undefined || parts.length === 0 || begun;
    if (!mayStay) return { least: charged, most: charged };
    return { least: Math.min(charged, held, 0), most: Math.max(charged, held) };
  });
}

/** Postage and discount of a cancelled order stay or go with its goods. */
function chargesOf({ order, wanted }: ShopOrder, postings: readonly TillOrder[]): Range {
  const charged = order === undefined || order.status === 'deleted' ? 0 : order.chargesMinor();
  if (wanted) return { least: charged, most: charged };
  const held = postings.map((posting) => {
    const goods = goodsOf(posting).reduce((sum, id) => sum + postedMinor(posting, id), 0);
    return posting.totalMinor + posting.post.discountMinor - goods;
  });
  const discount = postings.reduce((sum, { post }) => sum + post.discountMinor, 0);
  return { least: -discount, most: held.reduce((sum, minor) => sum + minor, 0) };
}

const CHARGE = /^(shipping|fee|discount):/;

function goodsOf({ post }: TillOrder): string[] {
  const refs = post.lines.map(({ lineRef }) => lineRef).filter((ref) => !CHARGE.test(ref));
  return [...new Set(refs.map((ref) => ref.split(':')[0] as string))];
}

function postedMinor({ post }: TillOrder, lineId: string): number {
  return post.lines
    .filter(({ lineRef }) => lineRef.startsWith(`${lineId}:`))
    .reduce((sum, { units, unitPriceMinor }) => sum + units * unitPriceMinor, 0);
}
