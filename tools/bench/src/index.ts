export { runIngress, type IngressOptions, type IngressReport } from './ingress/run-ingress.js';
export {
  runMessaging,
  type MessagingOptions,
  type MessagingReport,
} from './messaging/run-messaging.js';
export { runStock, type StockOptions, type StockReport } from './stock/run-stock.js';
