/**
 * Colours, light and dark; the contrast of text is at least 4.5 : 1. Print is always light. Green means only "seen encrypted" or
 * "supports", red only "contradicts"; clear by design, untested and not exercised are grey.
 */
export const LIGHT = `--paper:#fdfdfb;--raise:#f4f3ee;--ink:#1c1f24;--quiet:#5d636d;--rule:#c9cac6;--hair:#e6e6e1;--link:#1f4e8c;
--ok:#1a6b3c;--ok-wash:#e6f3ea;--ok-edge:#a9d3b8;--bad:#a31d1d;--bad-wash:#fbe9e7;--bad-edge:#e6a8a2;--ask:#805500;--ask-wash:#fdf3d8;--ask-edge:#e0c27a;
--calm:#2a5a8f;--calm-wash:#e8f0f8;--calm-edge:#adc6e0;--off:#646973;--off-wash:#efefec;--off-edge:#c4c5c1`;
/** The same names as in {@link LIGHT}, for a dark screen. */
export const DARK = `--paper:#15171a;--raise:#1e2125;--ink:#e6e6e3;--quiet:#a0a5ad;--rule:#454a51;--hair:#2a2e33;--link:#8fbcf2;
--ok:#7ed09b;--ok-wash:#16301f;--ok-edge:#2f6443;--bad:#ff9b91;--bad-wash:#3b1a18;--bad-edge:#83403b;--ask:#f0c766;--ask-wash:#362a0e;--ask-edge:#77601f;
--calm:#9cc3ee;--calm-wash:#182a3d;--calm-edge:#3c5f84;--off:#9ba0a8;--off-wash:#23262a;--off-edge:#4b5057`;

const tone = (name: string, ...states: string[]) =>
  `${states.join(',')}{--tone:var(--${name});--wash:var(--${name}-wash);--edge:var(--${name}-edge)}`;

/** The palette as CSS: the colours, and which state, verdict and frame class has which tone. */
export const PALETTE = `:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
${tone('ok', '.spi-1', '.s-supports', '.v-supports', '.s-encrypted')}
${tone('bad', '.s-contradicts', '.v-contradicts', '.c-contradicts')}
${tone('ask', '.spi-2', '.s-inconclusive', '.v-inconclusive', '.c-inconclusive')}
${tone('calm', '.s-mixed', '.s-dropped', '.spi-0')}
${tone('off', '.s-clear-by-design', '.s-untested', '.s-not-exercised', '.s-not-applicable', '.v-not-exercised', '.v-not-applicable')}
${[
  ['ok', 'esp', 'wireguard', 'ah'],
  ['calm-edge', 'ike', 'tls'],
  ['off-edge', 'control'],
  ['calm', 'clear'],
  ['ask', 'unknown', 'malformed', 'truncated'],
]
  .map(([colour, ...names]) => `${names.map((name) => `.k-${name}`).join(',')}{fill:var(--${colour});color:var(--${colour})}`)
  .join('\n')}
`;
