import {
  cancelOrder,
  completeDraft,
  deleteDraft,
  editOrder,
  fulfil,
  orderRetail,
  orderTrade,
  saveDraft,
} from './channel-acts.js';
import { amendShipment, sendOrder } from './dispatch-acts.js';
import type { Readable } from './readable.js';
import {
  countByHand,
  deductOrder,
  postOrderAnew,
  receive,
  returnRetail,
  returnTrade,
  reverseOrder,
  sellAtTill,
  sellOffline,
  takeBack,
  tellOfflineSales,
  throwAway,
  transfer,
  type Act,
} from './store-acts.js';
import type { World } from './world.js';

/** How often each act comes up among the others. */
const ACTS: readonly (readonly [act: Act, weight: number])[] = [
  [sellAtTill, 12],
  [orderTrade, 13],
  [orderRetail, 11],
  [deductOrder, 24],
  [fulfil, 10],
  [sendOrder, 18],
  [amendShipment, 18],
  [editOrder, 8],
  [cancelOrder, 6],
  [reverseOrder, 54],
  [postOrderAnew, 8],
  [returnTrade, 44],
  [saveDraft, 5],
  [completeDraft, 4],
  [deleteDraft, 4],
  [receive, 2],
  [takeBack, 2],
  [returnRetail, 12],
  [countByHand, 8],
  [transfer, 2],
  [throwAway, 2],
  [sellOffline, 5],
  [tellOfflineSales, 8],
];
const BAG = ACTS.flatMap(([act, weight]) => Array.from({ length: weight }, () => act));

const TRIES = 6;

/** Something happens in the world; returns what of the vendors is another now. */
export function drawAct(world: World): readonly Readable[] {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const changed = world.course.dice.pick(BAG)(world);
    if (changed.length > 0) return changed;
  }
  return [];
}
