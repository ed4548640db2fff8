import type { MasterShelf } from './masters.js';
import type { Posting } from './posting.js';
import type { Readable } from './readable.js';
import { wantedOf, type Act } from './store-acts.js';
import type { World } from './world.js';

/**
 * Goods of a trade order leave the building, before the POS has booked them or after. Where they leave
 * in parts, the POS is told when nothing is left to send.
 */
export const sendOrder: Act = (world) => {
  const { course } = world;
  const { dice } = course;
  for (const { orderId } of dice.shuffled([...world.allocations.values()])) {
    const due = dueOf(world, orderId);
    if (due.length === 0) continue;
    const { posting, shelf, left } = dice.pick(due);
    course.note('order-left');
    if (!posting.inParts) {
      posting.dispatch(shelf, dice.chance(0.3) ? dice.between(1, left) : left);
      return [posting];
    }
    const changed = sendPart(world, posting, shelf, left);
    const more = dueOf(world, orderId).some((each) => each.posting === posting);
    if (more || posting.shipments.some(({ isWrong }) => isWrong)) return changed;
    posting.complete();
    return [...changed, posting];
  }
  return [];
};

/** What was recorded wrongly is put right; or a shipment comes back before it arrives. */
export const amendShipment: Act = ({ course, postings }) => {
  const { dice } = course;
  const shipments = [...postings.values()]
    .filter(({ isTold }) => !isTold)
    .flatMap((posting) => posting.shipments.filter(({ units }) => units > 0));
  if (shipments.length === 0) return [];
  const shipment = shipments.find(({ isWrong }) => isWrong) ?? dice.pick(shipments);
  if (shipment.isWrong) {
    shipment.correct();
    course.note('shipment-corrected');
  } else {
    shipment.callOff();
    course.note('shipment-called-off');
  }
  return [shipment];
};

/** A part leaves and is recorded, at times wrongly; at times people count the shelf before the next one. */
function sendPart(
  { course }: World,
  posting: Posting,
  shelf: MasterShelf,
  left: number,
): Readable[] {
  const { dice } = course;
  const units = dice.chance(0.6) ? dice.between(1, left) : left;
  const recorded = dice.chance(0.7) ? dice.between(1, left) : units;
  const shipment = posting.ship(shelf, units, recorded);
  if (posting.shipments.length > 1) course.note('left-in-parts');
  if (!dice.chance(0.3)) return [shipment];
  course.goOn(1_000, 60_000);
  shelf.countByHand(0);
  course.note('physical-count');
  course.note('counted-between-parts');
  return [shipment, shelf];
}

/** What of an order has not left yet. */
function dueOf(world: World, orderId: string) {
  return wantedOf(world, orderId).flatMap(([shelf, units]) => {
    const posting = world.posting(orderId, shelf.locationId);
    const left = units - posting.leftFrom(shelf);
    return left > 0 ? [{ posting, shelf, left }] : [];
  });
}
