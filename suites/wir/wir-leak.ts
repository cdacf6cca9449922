import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { describeSighting } from '../../harness/judge/wire/describe.ts';
import { undrivenLeaks } from '../../harness/judge/wire/undriven.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { eachFamily, emptyFamily } from './wir-family.ts';
import { encryptedFlows, finding, judgedView, listed, viewDefect } from './wir-finding.ts';

const NO_PLAINTEXT = 'no readable frame of a flow that must be encrypted, at any depth of nesting';

/** WIR-01: nothing that must be encrypted is readable on the wire. */
export const noPlaintext: Check = {
  id: 'WIR-01',
  title: 'No frame of a flow that must be encrypted appears in the clear, outside or inside any nesting',
  modes: ['ipsec', 'wireguard'],
  evidence: 'captures on the wire in the judged phase, flow matrix',
  controls: ['L01', 'L03', 'L05', 'L06', 'L16', 'L20', 'L28', 'L35', 'L38', 'L41', 'clear phase'],
  judge: judgeNoPlaintext,
};

function judgeNoPlaintext(facts: Facts): Finding {
  const view = judgedView(facts);
  const flows = encryptedFlows(facts);
  const leaked = flows.filter((f) => f.verdict === 'contradicts');
  const undriven = undrivenLeaks(facts, view);
  const found = [...leaked.map((f) => f.reason), ...undriven];
  if (found.length > 0) {
    const counts = eachFamily(facts, (family) => {
      const own = leaked.filter((f) => f.family === family);
      const all = flows.filter((f) => f.family === family).length;
      return `${own.length} of ${all} driven flow(s) with ${own.reduce((n, f) => n + f.clearFrames, 0)} readable frame(s)`;
    });
    const named = facts.manifest.intent.families.length > 1 ? [counts] : [];
    const observed = `${counts}, ${undriven.length} other pair(s)`;
    return finding('contradicts', [...named, listed(found)].join('; '), NO_PLAINTEXT, observed, view.captures);
  }
  const blank = (reason: string): Finding => finding('inconclusive', reason, NO_PLAINTEXT, 'nothing readable was seen', view.captures);
  if (facts.profile === null) return blank(`no profile is known for ${facts.manifest.intent.profile}: what must be encrypted is not known`);
  const defect = viewDefect(view);
  if (defect !== null) return blank(defect);
  const undone = emptyFamily(facts, flows, (own) => (own.length === 0 ? 'no flow that must be encrypted was driven' : null));
  if (undone !== null) return blank(undone);
  const opaque = view.captures.flatMap((c) =>
    (['unknown', 'malformed', 'truncated'] as const)
      .filter((name) => (c.ledger?.classes[name]?.frames ?? 0) > 0)
      .map((name) => `${c.key}: ${c.ledger?.classes[name]?.frames} ${name} frame(s)`),
  );
  if (opaque.length > 0) return blank(`frames that could not be read count as not encrypted: ${listed(opaque)}`);
  const idle = emptyFamily(facts, flows, (own) =>
    own.every((f) => f.answered === 0) ? `none of the ${own.length} flow(s) that must be encrypted was answered: nothing flowed` : null,
  );
  if (idle !== null) return blank(idle);
  const total = view.captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0);
  return finding(
    'supports',
    `none of ${flows.length} flow(s) that must be encrypted is readable among ${total} frame(s) at ${view.captures.map((c) => c.key).join(', ')}`,
    NO_PLAINTEXT,
    eachFamily(facts, (family) => `0 readable frames of ${flows.filter((f) => f.family === family).length} flows`),
    view.captures,
  );
}

/** WIR-03: the canaries are not on the wire, and the same instrument does see them where nothing is encrypted. */
export const noCanary: Check = {
  id: 'WIR-03',
  title: 'No canary is on the wire in any spelling, and each is seen where traffic is clear',
  modes: ['ipsec', 'wireguard'],
  evidence: 'canary search over the captures of both phases',
  controls: ['L01', 'L03', 'clear phase'],
  judge(facts) {
    const view = judgedView(facts);
    const flows = encryptedFlows(facts);
    const expected = `the canaries of ${flows.length} flow(s) nowhere on the wire, each seen at a clear vantage`;
    const ids = new Set(flows.map((f) => f.id));
    const seen = view.captures.flatMap((c) =>
      c.canaries
        .filter((s) => !s.inboundCopy && s.flows.some((id) => ids.has(id)))
        .map((s) => `canary ${s.canary} of flow ${s.flows.join(', ')} ${describeSighting({ ...s, capture: c.key })}`),
    );
    if (facts.profile !== null && seen.length > 0)
      return finding('contradicts', listed(seen), expected, `${seen.length} sighting(s) on the wire`, view.captures);
    const blank = (reason: string): Finding =>
      finding('inconclusive', reason, expected, `${seen.length} sighting(s) on the wire`, view.captures);
    if (facts.profile === null) return blank(`no profile is known for ${facts.manifest.intent.profile}`);
    const defect = viewDefect(view);
    if (defect !== null) return blank(defect);
    const undone = emptyFamily(facts, flows, (own) => (own.length === 0 ? 'no flow that must be encrypted was driven' : null));
    if (undone !== null) return blank(undone);
    const moved = flows.filter((f) => f.verdict !== 'not-exercised');
    const idle = moved.filter((f) => f.answered === 0).map((f) => f.id);
    if (idle.length > 0) return blank(`nothing flowed on ${listed(idle)}`);
    const unproven = moved.filter((f) => f.controlFrames === 0).map((f) => f.id);
    if (unproven.length > 0) return blank(`positive control missing: no canary seen in the clear for ${listed(unproven)}`);
    const still = emptyFamily(facts, moved, (own) => (own.length === 0 ? 'no flow that must be encrypted had to leave its node' : null));
    if (still !== null) return blank(still);
    const control = moved.reduce((n, f) => n + f.controlFrames, 0);
    return finding(
      'supports',
      `none of ${moved.length} canaries is on the wire; the controls show them in ${control} frame(s)`,
      expected,
      `0 sightings on the wire, at the controls ${eachFamily(facts, (family) => `${moved.filter((f) => f.family === family).reduce((n, f) => n + f.controlFrames, 0)}`)}`,
      view.captures,
    );
  },
};

/** WIR-10: packets above the path MTU are as protected as small ones. */
export const largePackets: Check = {
  id: 'WIR-10',
  title: 'Large and fragmented packets stay encrypted',
  modes: ['ipsec', 'wireguard'],
  evidence: 'flows whose id says large, ciphertext sizes and fragments on the wire',
  controls: ['L35', 'clear phase'],
  judge(facts) {
    const view = judgedView(facts);
    const expected = 'large packets leave as ciphertext only';
    const large = encryptedFlows(facts).filter((f) => f.id.includes('large'));
    if (large.length === 0) return finding('not-exercised', 'no large flow was driven', expected, 'no flow with large packets', []);
    const leaked = large.filter((f) => f.verdict === 'contradicts');
    if (leaked.length > 0)
      return finding(
        'contradicts',
        listed(leaked.map((f) => f.reason)),
        expected,
        `${leaked.length} large flow(s) readable`,
        view.captures,
      );
    const doubtful = large.filter((f) => f.verdict === 'inconclusive');
    if (doubtful.length > 0)
      return finding(
        'inconclusive',
        listed(doubtful.map((f) => `${f.id}: ${f.reason}`)),
        expected,
        `${doubtful.length} unproven`,
        view.captures,
      );
    if (large.every((f) => f.verdict !== 'supports'))
      return finding('not-exercised', 'no large flow had to leave its node', expected, 'no large packet between nodes', view.captures);
    const cipher = view.captures.flatMap((c) => c.cipher);
    const largest = Math.max(0, ...cipher.map((c) => c.largest));
    const fragments = cipher.reduce((n, c) => n + c.fragments, 0);
    const observed = `largest ciphertext frame ${largest} bytes, ${fragments} fragment(s)`;
    if (largest < 1000)
      return finding('inconclusive', `no ciphertext of a large packet on the wire: ${observed}`, expected, observed, view.captures);
    return finding('supports', `${large.length} large flow(s) left as ciphertext only: ${observed}`, expected, observed, view.captures);
  },
};
