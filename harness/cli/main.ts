import { tolerateClosedOutput } from './closed-output.ts';
import { program } from './program.ts';
import { reportError } from './report-error.ts';

tolerateClosedOutput(process.stdout, 'standard output');
tolerateClosedOutput(process.stderr, 'standard error');
try {
  await program().parseAsync(process.argv);
} catch (error) {
  process.exitCode = reportError(error);
}
