import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, fixtureNames, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { decodeXfrmPolicy } from './xfrm-policy.ts';

describe('ip xfrm policy', () => {
  test('reads ports, the device, a socket policy, flags and if_id', () => {
    const text = `src 10.0.0.0/8 dst 10.1.0.0/16 proto tcp sport 80 dport 443 dev eth0 
	dir out action block priority 100 ptype main share any flag localok icmp (0x00000003)
	if_id 0x7
src 0.0.0.0/0 dst 0.0.0.0/0 
	socket in priority 0 
`;
    expect(decodeXfrmPolicy(text)).toEqual({
      items: [
        {
          src: '10.0.0.0/8',
          dst: '10.1.0.0/16',
          proto: 'tcp',
          sport: 80,
          dport: 443,
          dev: 'eth0',
          dir: 'out',
          action: 'block',
          priority: 100,
          ptype: 'main',
          ifId: 7,
          flags: ['localok', 'icmp'],
          templates: [],
        },
        { src: '0.0.0.0/0', dst: '0.0.0.0/0', dir: 'socket in', action: 'allow', priority: 0, flags: [], templates: [] },
      ],
      unparsed: [],
    });
  });

  test('a policy that was cut is incomplete', () => {
    expect(decodeXfrmPolicy('src 0.0.0.0/0 dst 0.0.0.0/0\n').items[0]?.incomplete).toBe(true);
    expect(
      decodeXfrmPolicy('src 0.0.0.0/0 dst 0.0.0.0/0\n\tdir out priority 0\n\ttmpl src 1.1.1.1 dst 2.2.2.2\n').items[0]?.incomplete,
    ).toBe(true);
    expect(decodeXfrmPolicy('src 0.0.0.0/0 dst 0.0.0.0/0\n\tdir out prio').items[0]?.incomplete).toBe(true);
  });
});

describe.skipIf(!haveFixtures)(`ip xfrm policy of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  const COUNT: Record<string, number> = {
    'cilium-1.16-in-four.txt': 4,
    'cilium-1.8-encnode.txt': 6,
    'local__cilium-layout-j.txt': 7,
    'local__cilium-layout-o.txt': 7,
    'local__cilium-layout.txt': 7,
    'lswp-ah.txt': 9,
    'lswp-comp-level-use.txt': 3,
    'lswp-fwd.txt': 3,
    'lswp-if_id.txt': 3,
    'lswp-narrow-ports.txt': 3,
    'lswp-vti-mark.txt': 6,
    'vbernat-vti-mark6.txt': 3,
  };
  /** Values that the source masked, a cut by the author, the removed line of a diff, and other commands' output. */
  const DAMAGED = /PRIORITY|REQID|SPISPI|\[…\]|^- /;

  test.each(fixtureNames('xfrm-policy'))('%s', (name) => {
    const { items, unparsed } = decodeXfrmPolicy(fixture(`xfrm-policy/${name}`));
    expect(items).toHaveLength(COUNT[name] ?? 1);
    for (const { dir } of items) expect(dir).toMatch(/^(?:in|out|fwd)$/);
    if (name === 'lswp-reqid0.txt') expect(items[0]?.templates[0]).toMatchObject({ reqid: 0, mode: 'transport' });
    else for (const { text } of unparsed) expect(text).toMatch(DAMAGED);
  });

  test('features', () => {
    const read = (name: string) => decodeXfrmPolicy(fixture(`xfrm-policy/${name}.txt`)).items;
    const layout = read('local__cilium-layout');
    expect(read('local__cilium-layout-o')).toEqual(layout);
    expect(layout.filter(({ action }) => action === 'block')).toMatchObject([
      { priority: 2985, mark: { value: 0xe00, mask: 0xf00 }, templates: [] },
      { priority: 2985, mark: { value: 0xe00, mask: 0xf00 }, templates: [] },
    ]);
    expect(layout.at(-1)).toMatchObject({ dir: 'fwd', priority: 2975, templates: [{ level: 'use', reqid: 1 }] });
    expect(layout[0]).toMatchObject({ src: '::/0', templates: [{ src: 'fc00:c111::3', spi: '0x00000004' }] });
    expect(read('cilium-1.13-upgrade-diff-prio50')[0]?.priority).toBe(50);
    expect(read('cilium-1.16-in-four').map(({ templates }) => [templates[0]?.reqid, templates[0]?.level])).toEqual([
      [1, undefined],
      [0, 'use'],
      [2, undefined],
      [0, 'use'],
    ]);
    expect(read('lswp-comp-level-use').map(({ templates }) => templates.length)).toEqual([2, 2, 2]);
    expect(read('lswp-block')[0]?.action).toBe('block');
  });

  test.each(AGENTS)('%s', (agent) => {
    const [plain, long] = ['xfrm-policy', 'xfrm-policy-s'].map((name) => decodeXfrmPolicy(agentFixture(agent, name)));
    for (const decoded of [plain, long]) {
      expect(decoded?.unparsed).toEqual([]);
      expect(decoded?.items.some(({ incomplete }) => incomplete)).toBe(false);
    }
    const essence = (items: typeof plain) =>
      items?.items.map(({ src, dst, dir, action, priority, mark }) => ({ src, dst, dir, action, priority, mark }));
    expect(essence(long)).toEqual(essence(plain));
    if (agent.includes('wireguard')) expect(plain?.items).toEqual([]);
    else {
      expect(plain?.items).toHaveLength(5);
      expect(plain?.items.filter(({ action }) => action === 'block')).toMatchObject([
        { dir: 'out', priority: 100, mark: { value: 0xe00, mask: 0xf00 }, templates: [] },
      ]);
    }
  });
});
