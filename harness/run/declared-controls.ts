import type { Scope } from '../../reports/controls/applicability.ts';
import { FrameworkError } from '../../reports/controls/framework-error.ts';
import type { Framework } from '../../reports/controls/framework-schema.ts';
import { loadFrameworks } from '../../reports/controls/load-frameworks.ts';
import type { Waiver } from '../../reports/waivers/waiver.ts';
import { catalogue } from '../../suites/catalogue.ts';
import type { Advisory } from '../model/advisory.ts';
import { loadAdvisories } from './advisories/load-advisories.ts';
import { configFor, DEFAULT_FILE } from './config/load-config.ts';
import { ExitError } from './exit-error.ts';
import { loadWaivers } from './load-waivers.ts';

/** The controls for the evidence, the user's declarations of where they apply, and the exceptions with their owners. */
export interface DeclaredControls {
  readonly frameworks: readonly Framework[];
  readonly scope: Scope;
  readonly waivers: readonly Waiver[];
  /** Published advisories that a run is compared with. */
  readonly advisories: readonly Advisory[];
}

/** The flags for declarations. */
export interface DeclaredFlags {
  /** Folders with further advisories. */
  readonly advisories?: readonly string[];
  readonly controls?: readonly string[];
  readonly config?: string;
  readonly waivers?: string;
}

/**
 * The included frameworks and advisories with those of `--controls`, `--advisories` and the configuration, its `scope`, and the waivers of
 * `--waivers`, else of its `waivers`.
 *
 * @param folder where wirewitness.yaml is looked for when `config` names no file
 * @throws ExitError (usage) for a file that is not a framework, an unknown check, and a declared fact that no framework asks for
 */
export async function declaredControls(
  { controls = [], advisories = [], config: named, waivers }: DeclaredFlags = {},
  folder?: string,
): Promise<DeclaredControls> {
  const config = await configFor(named, folder);
  const files = [...(config.controls ?? []), ...controls];
  const frameworks = await loadFrameworks(files).catch((error: unknown) => {
    throw error instanceof FrameworkError ? ExitError.usage(error.message) : error;
  });
  const scope = config.scope ?? {};
  const own = frameworks.slice(frameworks.length - files.length);
  const mistakes = [...unknownChecks(own), ...unknownFacts(frameworks, scope, named ?? DEFAULT_FILE)];
  if (mistakes.length > 0) throw ExitError.usage(mistakes.join('\n'));
  const known = await loadAdvisories([...(config.advisories ?? []), ...advisories]);
  return { frameworks, scope, waivers: await loadWaivers(waivers ?? config.waivers), advisories: known };
}

function unknownChecks(frameworks: readonly Framework[]): string[] {
  const known = new Set(catalogue.map(({ id }) => id));
  return frameworks.flatMap((framework) =>
    framework.controls.flatMap((control) =>
      control.procedures.flatMap((procedure) =>
        [...procedure.checks, ...procedure.also]
          .filter((id) => !known.has(id))
          .map(
            (id) =>
              `controls of ${framework.id}: ${control.id}: ${procedure.id}: there is no check ${id} (\`wirewitness checks\` lists them)`,
          ),
      ),
    ),
  );
}

/** A fact with a spelling error would leave a control undeclared without an error. */
function unknownFacts(frameworks: readonly Framework[], scope: Scope, file: string): string[] {
  const asked = [...new Set(frameworks.flatMap(({ facts }) => Object.keys(facts)))].sort();
  return Object.keys(scope)
    .filter((fact) => !asked.includes(fact))
    .map((fact) => `${file}: scope.${fact}: no framework asks for it; asked for: ${asked.join(', ')}`);
}
