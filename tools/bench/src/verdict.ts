import type { IngressReport } from './ingress/run-ingress.js';
import type { MessagingReport } from './messaging/run-messaging.js';
import type { OrdersReport } from './orders/run-orders.js';
import { MOST_SECONDS_PER_100K, type RebuildReport } from './rebuild/run-rebuild.js';
import type { ReconcileReport } from './reconcile/run-reconcile.js';
import type { StockReport } from './stock/run-stock.js';
import type { TraceReport } from './trace/run-trace.js';

/** A figure, and what it has to be. */
export interface Line {
  readonly name: string;
  readonly figure: number;
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

export function messagingLines(report: MessagingReport): Line[] {
  const { single, publishToHandleMs: delay } = report;
  return [
    { name: 'batches: messages a second', figure: report.perSecond },
    { name: 'batches: the bare program', figure: report.rawPerSecond, target: { atLeast: 5_000 } },
    { name: 'batches: ratio', figure: report.ratio, target: { atLeast: 0.6 } },
    { name: 'single: messages a second', figure: single.perSecond },
    { name: 'single: the bare program', figure: single.rawPerSecond },
    { name: 'single: ratio', figure: single.ratio, target: { atLeast: 0.5 } },
    { name: 'publish to handled, p50 (ms)', figure: delay.p50 },
    { name: 'publish to handled, p99 (ms)', figure: delay.p99, target: { atMost: 50 } },
    { name: 'most memory of our process (MB)', figure: report.rssMb },
  ];
}

export function ingressLines(report: IngressReport): Line[] {
  return [
    { name: 'webhooks a second', figure: report.perSecond, target: { atLeast: 1_500 } },
    { name: 'the bare route', figure: report.rawPerSecond },
    { name: 'ratio', figure: report.ratio, target: { atLeast: 0.5 } },
    { name: 'answer at 70 % load, p50 (ms)', figure: report.ms.p50 },
    { name: 'answer at 70 % load, p99 (ms)', figure: report.ms.p99, target: { atMost: 50 } },
    { name: 'errors', figure: report.errors, target: { atMost: 0 } },
  ];
}

export function stockLines(report: StockReport): Line[] {
  const { hotSku, saleToPublishedMs: delay } = report;
  return [
    { name: 'all SKUs: facts a second', figure: report.perSecond },
    { name: 'all SKUs: the bare program', figure: report.rawPerSecond },
    { name: 'all SKUs: ratio', figure: report.ratio, target: { atLeast: 0.5 } },
    { name: 'hot SKUs: facts a second', figure: hotSku.perSecond },
    { name: 'hot SKUs: the bare program', figure: hotSku.rawPerSecond },
    { name: 'hot SKUs: ratio', figure: hotSku.ratio, target: { atLeast: 0.5 } },
    { name: 'till sale to published, p50 (ms)', figure: delay.p50 },
    { name: 'till sale to published, p99 (ms)', figure: delay.p99, target: { atMost: 2_000 } },
    { name: 'calls for each change', figure: report.callsPerChange, target: { atMost: 0.1 } },
    { name: 'most memory of our process (MB)', figure: report.rssMb },
  ];
}

export function ordersLines({ perSecond, ms, backlog, rssMb, valid }: OrdersReport): Line[] {
  return [
    { name: 'orders a second', figure: perSecond, target: { atLeast: 100 } },
    { name: 'webhook to posted, p50 (ms)', figure: ms.p50 },
    { name: 'webhook to posted, p99 (ms)', figure: ms.p99, target: { atMost: 500 } },
    { name: 'orders after an outage', figure: backlog.orders },
    { name: 'until they are posted (s)', figure: backlog.seconds },
    { name: "of the till's limit", figure: backlog.budgetUsed, target: { atLeast: 0.8 } },
    { name: 'calls refused', figure: backlog.refused, target: { atMost: 0.01 } },
    { name: 'most memory of all services (MB)', figure: rssMb },
    { name: 'each posted once, as charged', figure: Number(valid), target: { atLeast: 1 } },
  ];
}

export function rebuildLines(report: RebuildReport): Line[] {
  return [
    { name: 'messages handled again', figure: report.messages },
    { name: 'seconds', figure: report.seconds },
    {
      name: 'seconds for 100,000',
      figure: report.secondsPer100k,
      target: { atMost: MOST_SECONDS_PER_100K },
    },
    { name: 'until the services noticed (s)', figure: report.noticedSeconds },
    { name: 'lost', figure: report.lost, target: { atMost: 0 } },
    { name: 'doubled', figure: report.doubled, target: { atMost: 0 } },
    { name: 'exceptions raised', figure: Number(report.exceptionRaised), target: { atLeast: 1 } },
  ];
}

export function reconcileLines(report: ReconcileReport): Line[] {
  const { planted, firstLoad } = report;
  return [
    { name: 'figures compared', figure: report.pairs, target: { atLeast: 200_000 } },
    { name: 'seconds', figure: report.seconds, target: { atMost: 60 } },
    { name: 'most memory of our process (MB)', figure: report.rssMb, target: { atMost: 300 } },
    { name: 'differences planted', figure: planted },
    { name: 'found in the right class', figure: report.found, target: { atLeast: planted } },
    { name: 'found where nothing is wrong', figure: report.invented, target: { atMost: 0 } },
    { name: 'first load: figures', figure: firstLoad.pairs, target: { atLeast: 200_000 } },
    { name: 'first load: seconds', figure: firstLoad.seconds },
    { name: 'first load: memory (MB)', figure: firstLoad.rssMb, target: { atMost: 300 } },
  ];
}

export function traceLines(report: TraceReport): Line[] {
  return [
    { name: 'orders stored', figure: report.orders, target: { atLeast: 100_000 } },
    { name: 'steps of their stories', figure: report.steps },
    { name: 'size of the database (MB)', figure: report.databaseMb },
    { name: 'answer, p50 (ms)', figure: report.ms.p50 },
    { name: 'answer, p99 (ms)', figure: report.ms.p99, target: { atMost: 50 } },
  ];
}

export function isMet({ figure, target }: Line): boolean {
  if (target === undefined) return true;
  return 'atLeast' in target ? figure >= target.atLeast : figure <= target.atMost;
}

export function tableOf(lines: readonly Line[]): string[] {
  const width = Math.max(...lines.map(({ name }) => name.length));
  return lines.map((line) => {
    const { name, figure, target } = line;
    const mark = target === undefined ? ' ' : isMet(line) ? '✓' : '✗';
    const figureText = String(figure).padStart(8);
    return `${mark} ${name.padEnd(width)} ${figureText}${wordsOf(target)}`;
  });
}

function wordsOf(target: Line['target']): string {
  if (target === undefined) return '';
  return 'atLeast' in target ? `   at least ${target.atLeast}` : `   at most ${target.atMost}`;
}
