export { runOperator, type OperatorIo } from './run-operator.js';
