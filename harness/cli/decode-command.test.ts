import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DECODER_NAMES, decodeCommand } from './decode-command.ts';

const SA = `src 10.0.1.1 dst 10.0.2.1\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\taead rfc4106(gcm(aes)) 0x${'a1'.repeat(20)} 128\n\twhat 0x${'a1'.repeat(20)}\n`;

async function run(kind: string, content: string | null, json = true): Promise<{ code: number; out: string; err: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-decode-'));
  const [out, err] = [vi.spyOn(process.stdout, 'write').mockReturnValue(true), vi.spyOn(process.stderr, 'write').mockReturnValue(true)];
  try {
    const file = join(folder, 'input.txt');
    if (content !== null) await writeFile(file, content);
    const code = await decodeCommand(kind, file, { json });
    const text = (spy: typeof out) => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
    return { code, out: text(out), err: text(err) };
  } finally {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  }
}

afterEach(() => vi.restoreAllMocks());

describe('wirewitness decode', () => {
  test('prints items and what was not understood, and no key', async () => {
    const { code, out } = await run('xfrm-state', SA);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      kind: 'xfrm-state',
      items: [{ src: '10.0.1.1', spi: '0x00000003', aead: { name: 'rfc4106(gcm(aes))', keyBits: 160, icvBits: 128 } }],
      unparsed: [{ line: 4, text: '\twhat 0x<masked>' }],
    });
    expect(out).not.toContain('a1a1a1');
  });

  test('without --json a line an item', async () => {
    const { code, out } = await run('xfrm-state', SA, false);
    expect(code).toBe(0);
    expect(out.split('\n')[0]).toBe('xfrm-state: 1 items, 1 lines not understood');
    expect(out).not.toContain('a1a1a1');
  });

  test.each(DECODER_NAMES)('%s takes an empty file', async (kind) => {
    const { code, out } = await run(kind, '');
    expect([code, JSON.parse(out)]).toEqual([0, { kind, items: [], unparsed: [] }]);
  });

  test('an unknown kind and a file that is not there are usage errors', async () => {
    expect(await run('xfrm-stats', '')).toMatchObject({
      code: 3,
      out: '',
      err: expect.stringContaining('unknown kind "xfrm-stats"') as string,
    });
    expect(await run('wg', null)).toMatchObject({ code: 3, out: '', err: expect.stringContaining('cannot read') as string });
  });
});
