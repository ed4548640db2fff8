export {
  EXCEPTIONS,
  type ExceptionCode,
  type ExceptionRule,
  type ExceptionTeam,
} from './exceptions/exception-codes.js';
