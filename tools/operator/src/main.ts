import { runOperator } from './run-operator.js';

process.exitCode = await runOperator(process.argv.slice(2), {
  env: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
