import { HistoryCourse } from '../../chance/history-course.js';
import type { LifeKind } from '../life-kinds.js';

/** The course of the life of an order. */
export class LifeCourse extends HistoryCourse<LifeKind> {}
