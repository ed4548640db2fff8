import type { Share } from './allocation.js';
import type { OwedLine } from './owed.js';

/**
 * The shares that stay when an order is seen again, before anything is added. A line keeps its own.
 * Line ids change when a draft becomes an order and when staff edit a draft, so a line without
 * shares inherits those of a line that is gone, by SKU in order of lines; the same quantity first,
 * so that a case stays at its one location. Too many come off the last location first.
 */
export function inheritShares(held: readonly Share[], lines: readonly OwedLine[]): Share[] {
  const owed = new Map(lines.map((line) => [line.lineId, line]));
  const own = held.filter(({ lineId, sku }) => owed.get(lineId)?.sku === sku);
  const orphans = held.filter((share) => !own.includes(share));
  const bereft = lines.filter(({ lineId }) => !own.some((share) => share.lineId === lineId));
  const heirs = new Map<string, Share[]>();
  const rest: OwedLine[] = [];
  for (const line of bereft) {
    const group = takeGroup(orphans, line);
    if (group.length > 0) heirs.set(line.lineId, group);
    else rest.push(line);
  }
  for (const line of rest) heirs.set(line.lineId, takeUnits(orphans, line));
  return lines.flatMap((line) => {
    const shares = heirs.get(line.lineId) ?? own.filter(({ lineId }) => lineId === line.lineId);
    return trimmed(shares, line.quantity).map((share) => ({ ...share, lineId: line.lineId }));
  });
}

/** Takes all shares of the first line that is gone and had this SKU in this quantity. */
function takeGroup(orphans: Share[], { sku, quantity }: OwedLine): Share[] {
  const lineIds = [...new Set(orphans.filter((o) => o.sku === sku).map(({ lineId }) => lineId))];
  const found = lineIds.find((id) => total(orphans.filter((o) => o.lineId === id)) === quantity);
  return found === undefined ? [] : take(orphans, (share) => share.lineId === found);
}

/** Takes shares of this SKU until there are enough, cutting the last one. */
function takeUnits(orphans: Share[], { sku, quantity }: OwedLine): Share[] {
  const taken: Share[] = [];
  for (let left = quantity; left > 0;) {
    const at = orphans.findIndex((share) => share.sku === sku);
    const share = orphans[at];
    if (share === undefined) break;
    const units = Math.min(left, share.quantity);
    taken.push({ ...share, quantity: units });
    if (units === share.quantity) orphans.splice(at, 1);
    else orphans[at] = { ...share, quantity: share.quantity - units };
    left -= units;
  }
  return taken;
}

function take(orphans: Share[], wanted: (share: Share) => boolean): Share[] {
  const taken = orphans.filter(wanted);
  for (const share of taken) orphans.splice(orphans.indexOf(share), 1);
  return taken;
}

function trimmed(shares: readonly Share[], quantity: number): Share[] {
  let left = quantity;
  return shares.flatMap((share) => {
    const kept = Math.min(left, share.quantity);
    left -= kept;
    return kept > 0 ? [{ ...share, quantity: kept }] : [];
  });
}

function total(shares: readonly Share[]): number {
  return shares.reduce((sum, { quantity }) => sum + quantity, 0);
}
