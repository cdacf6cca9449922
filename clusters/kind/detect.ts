import type { Availability } from '../../harness/model/provider.ts';
import { findProgram } from '../../harness/proc/find-program.ts';
import { run } from '../../harness/proc/run.ts';

const ENGINE_MS = 30_000;

/** Whether kind exists and an engine answers. */
export async function detectKind(): Promise<Availability> {
  if (findProgram('kind') === undefined)
    return {
      available: false,
      lacks: 'kind is not on the PATH',
      remedy: 'go install sigs.k8s.io/kind@latest, or see https://kind.sigs.k8s.io',
    };
  const asked = await run(['docker', 'version', '--format', '{{.Server.Version}}'], { timeoutMs: ENGINE_MS }).catch(
    (error: Error) => error,
  );
  const why = asked instanceof Error ? asked.message : asked.exitCode === 0 ? '' : (asked.stderr.trim().split('\n')[0] ?? '');
  if (!(asked instanceof Error) && asked.exitCode === 0) return { available: true };
  return { available: false, lacks: `no Docker engine answers: ${why}`, remedy: 'start it, or give this user access to its socket' };
}
