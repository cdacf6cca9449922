import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Real outputs, beside the project folder. For tests only: decoders do no I/O. */
const ROOT = new URL('../../../shared/fixtures/', import.meta.url);

export const haveFixtures = existsSync(ROOT);
export const WITHOUT_FIXTURES = 'the folder shared/fixtures is not beside the project';

export function fixture(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

export function fixtureNames(folder: string): string[] {
  return haveFixtures ? readdirSync(new URL(`${folder}/`, ROOT)).sort() : [];
}

/** The recorded agents: `v1.18.3-ipsec-vxlan` … */
export const AGENTS = fixtureNames('cilium').filter((name) => name.startsWith('v'));

/** A file of a recorded agent's node1. */
export function agentFixture(agent: string, name: string): string {
  return fixture(`cilium/${agent}/node1/${name}.txt`);
}
