import { program } from './program.ts';
import { reportError } from './report-error.ts';

try {
  await program().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportError(error);
}
