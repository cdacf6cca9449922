import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sampleKey, sealSample } from '../../reports/pack/testdata/sample-pack.ts';
import { sampleReport } from '../../reports/testdata/sample-report.ts';
import { declaredControls } from '../run/declared-controls.ts';
import { appendHistory } from '../run/history/append-history.ts';
import { defaultKeyPath, signingKeyFile } from '../run/pack/signing-key-file.ts';
import { reportsWriter } from '../run/reports-writer.ts';
import { prepareHandOver } from './hand-over.ts';
import { historyCommand } from './history-command.ts';
import { keygenCommand } from './keygen-command.ts';
import { reportError } from './report-error.ts';
import { verifyCommand } from './verify-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

process.env.XDG_STATE_HOME = at('state');
const reports = reportsWriter(await declaredControls());
const key = sampleKey();
writeFileSync(at('pub.pem'), key.publicPem);
writeFileSync(at('other.pem'), sampleKey().publicPem);

describe('verify', () => {
  test('0 for a whole pack, saying whether the signer was checked; 1 for a refused one, naming why', async () => {
    const file = at('a.tar.gz');
    await sealSample(file, key);
    expect(await verifyCommand(file, { key: at('pub.pem') })).toBe(0);
    expect(printed).toMatch(/^verified: /);
    expect(await verifyCommand(file, {})).toBe(0);
    expect(printed).toContain('intact, signer not checked');
    printed = '';
    expect(await verifyCommand(file, { json: true })).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({ verified: true, signerChecked: false, keyId: key.keyId });
    printed = '';
    expect(await verifyCommand(file, { key: at('other.pem'), json: true })).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({ verified: false, subject: 'signature/statement.dsse.json' });
    writeFileSync(file, 'no pack');
    expect(await verifyCommand(file, {})).toBe(1);
    expect(printed).toMatch(/refused: .*\n {2}compression: /);
  });

  test('3 for no file, a folder, a key that is none', async () => {
    await expect(verifyCommand(at('absent'), {})).rejects.toMatchObject({ exitCode: 3 });
    await expect(verifyCommand(folder, {})).rejects.toMatchObject({ exitCode: 3 });
    writeFileSync(at('no.pem'), 'nothing');
    await expect(verifyCommand(at('a.tar.gz'), { key: at('no.pem') })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('no.pem'),
    });
    await expect(verifyCommand(at('a.tar.gz'), { key: at('absent.pem') })).rejects.toMatchObject({ exitCode: 3 });
  });
});

describe('keygen', () => {
  test('prints the public half only, and never replaces a key', async () => {
    expect(await keygenCommand(at('k.pem'), { public: at('k.pub') })).toBe(0);
    expect(printed).toBe(readFileSync(at('k.pub'), 'utf8'));
    expect(printed).not.toContain('PRIVATE');
    expect(statSync(at('k.pem')).mode & 0o777).toBe(0o600);
    await expect(keygenCommand(at('k.pem'), {})).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('never replaced') });
  });

  test('the default key is in the user’s configuration; a named one is made at first use and found at the second', async () => {
    expect(defaultKeyPath({ XDG_CONFIG_HOME: '/c' })).toBe('/c/wirewitness/signing-key.pem');
    expect(defaultKeyPath({})).toMatch(/\.config\/wirewitness\/signing-key\.pem$/);
    const first = await signingKeyFile(at('first.pem'));
    const second = await signingKeyFile(at('first.pem'));
    expect([first.made, second.made, second.key.keyId]).toEqual([true, false, first.key.keyId]);
    await expect(signingKeyFile(at('pub.pem'))).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('pub.pem') });
  });
});

test('a key or a history that cannot be used ends a run before it begins', async () => {
  await expect(prepareHandOver({ pack: true, key: at('pub.pem') }, reports, [])).rejects.toMatchObject({ exitCode: 3 });
  await expect(prepareHandOver({ history: at('new'), key: at('first.pem'), keepDays: '-1' }, reports, [])).rejects.toMatchObject({
    exitCode: 3,
  });
  mkdirSync(at('broken'), { recursive: true });
  writeFileSync(join(at('broken'), 'history.ndjson'), 'x\n');
  const error = await prepareHandOver({ history: at('broken'), key: at('first.pem') }, reports, []).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'HistoryError', line: 1 });
  expect(reportError(error)).toBe(2);
});

test('keygen leaves nothing behind when either file is there already', async () => {
  writeFileSync(at('taken.pem'), 'taken');
  await expect(keygenCommand(at('new-private.pem'), { public: at('taken.pem') })).rejects.toMatchObject({ exitCode: 3 });
  expect(existsSync(at('new-private.pem'))).toBe(false);
  await expect(keygenCommand(at('taken.pem'), { public: at('new-public.pem') })).rejects.toMatchObject({ exitCode: 3 });
  expect(existsSync(at('new-public.pem'))).toBe(false);
  expect(readFileSync(at('taken.pem'), 'utf8')).toBe('taken');
  expect(await keygenCommand(at('new-private.pem'), { public: at('new-public.pem') })).toBe(0);
  expect(printed).toContain(readFileSync(at('new-public.pem'), 'utf8'));
});

describe('history', () => {
  test('is handed over from one key to the next', async () => {
    const [history, old, next] = [at('handed'), at('old-key.pem'), at('next-key.pem')];
    for (const path of [old, next]) await keygenCommand(path, {});
    const report = sampleReport();
    const { key: first } = await signingKeyFile(old);
    await appendHistory(history, report, first, { pack: null });
    await expect(historyCommand(history, { signWith: old })).rejects.toMatchObject({ exitCode: 3 });
    expect(await historyCommand(history, { signWith: old, nextKey: next })).toBe(0);
    await expect(prepareHandOver({ history, key: old }, reports, [])).rejects.toMatchObject({ exitCode: 3 });
    await prepareHandOver({ history, key: next }, reports, []);
  });

  test('0 for a history that holds, 1 for one that was changed or shortened, 3 for none', async () => {
    const history = at('history');
    const report = sampleReport();
    for (const id of ['a', 'b']) await appendHistory(history, { ...report, run: { ...report.run, id, fault: null } }, key, { pack: null });
    expect(await historyCommand(history, { key: [at('pub.pem')], everyHours: '24' })).toBe(0);
    expect(printed).toContain('2 runs, every line signed and chained; signed by the given keys');
    const head = /head ([0-9a-f]{64})/.exec(printed)?.[1] ?? '';
    expect(await historyCommand(history, { key: [at('other.pem')] })).toBe(1);
    const path = join(history, 'history.ndjson');
    const [first] = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${first}\n`);
    // The machine that wrote it knows its head; another one has to be told.
    expect(await historyCommand(history, {})).toBe(1);
    vi.stubEnv('XDG_STATE_HOME', at('auditor'));
    expect(await historyCommand(history, {})).toBe(0);
    expect(await historyCommand(history, { head })).toBe(1);
    writeFileSync(path, `${first?.replace('lab', 'lob')}\n`);
    printed = '';
    expect(await historyCommand(history, { json: true })).toBe(1);
    expect(JSON.parse(printed)).toMatchObject({ verified: false, line: 1 });
    await expect(historyCommand(at('nowhere'), {})).rejects.toMatchObject({ exitCode: 3 });
    await expect(historyCommand(history, { everyHours: 'x' })).rejects.toMatchObject({ exitCode: 3 });
  });
});
