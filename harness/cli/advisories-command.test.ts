import { afterEach, expect, test, vi } from 'vitest';
import { type AdvisoriesFlags, advisoriesCommand } from './advisories-command.ts';

afterEach(() => vi.restoreAllMocks());

async function printed(flags: AdvisoriesFlags): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  expect(await advisoriesCommand(flags)).toBe(0);
  return write.mock.calls.map(([text]) => String(text)).join('');
}

test('all of them, with their ranges', async () => {
  const text = await printed({});
  expect(text).toContain('CVE-2024-28249');
  expect(text).toContain('from 1.15.0, before 1.15.2');
  expect(text).toMatch(/\d+ are known; --version/);
});

test('those of a version and a configuration', async () => {
  const text = await printed({ version: '1.16.2', mode: 'wireguard', routing: 'native' });
  expect(text).toContain('CVE-2025-32793');
  expect(text).toContain('cilium 1.15.16, 1.16.9, 1.17.3 have the fix');
  expect(text).not.toContain('CVE-2024-28249');
  expect(text).not.toContain('CVE-2020-25645');
});

test('as JSON each record has what is said of it', async () => {
  const rows: { id: string; applies: { state: string } }[] = JSON.parse(await printed({ kernel: '5.4.0', mode: 'ipsec', json: true }));
  expect(rows.find(({ id }) => id === 'CVE-2020-25645')?.applies.state).toBe('undecided');
});

test('what is no release and no family is a usage error that names the flag', async () => {
  await expect(advisoriesCommand({ version: 'latest' })).rejects.toThrow('--version latest: is not a release such as 1.16.2');
  await expect(advisoriesCommand({ families: 'ipx' })).rejects.toThrow('--families ipx: must be ipv4');
});
