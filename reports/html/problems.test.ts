import { describe, expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { healthyReport, sampleReport } from '../testdata/sample-report.ts';
import { relocateEvidence } from './evidence.ts';
import { writeHtml } from './page.ts';

const CAPTURE = 'captures/encrypted/wire.pcap';
const COMMAND = `<code>tshark -r <span class="place">recording</span>/${CAPTURE} -Y &#39;frame.number==13&#39; -V</code>`.replaceAll(
  '&#39;',
  "'",
);

/** The sample whose leaking flow has a frame, named by the facts of WIR-01. */
function leaking(frame: { capture: string; frame: number } = { capture: CAPTURE, frame: 13 }): Report {
  const report = sampleReport();
  return {
    ...report,
    flows: report.flows.map((flow) => (flow.verdict === 'contradicts' ? { ...flow, firstReadable: frame } : flow)),
    verdicts: report.verdicts.map((verdict) =>
      verdict.id === 'WIR-01' ? { ...verdict, facts: verdict.facts.map((fact) => ({ ...fact, flow: 'pod-node1-node2-udp-4' })) } : verdict,
    ),
  };
}

/** The markup of one section. */
function sectionOf(page: string, id: string): string {
  return new RegExp(`<section id="${id}".*?</section>`, 's').exec(page)![0];
}

describe('problems', () => {
  test('come first, what packets show before the rest, each with facts, remedy and basis', () => {
    const page = writeHtml({ report: leaking() });
    const problems = sectionOf(page, 'problems');
    expect([...problems.matchAll(/<article class="check problem c-\w+" id="([\w-]+)"/g)].map(([, id]) => id)).toEqual([
      'WIR-01',
      'XFR-06',
      'PRE-05',
    ]);
    expect(page.indexOf('id="problems"')).toBeLessThan(page.indexOf('id="flows"'));
    expect(problems).toContain('node1 has no out policy to 10.0.2.0/24 (node2)');
    expect(problems).toContain('Look at <code>ip xfrm policy</code> again.');
    expect(problems).toContain('dir out to 10.0.3.0/24 only');
  });

  test('a fact of a flow shows its frame and the command that prints it', () => {
    expect(sectionOf(writeHtml({ report: leaking() }), 'problems')).toContain(COMMAND);
  });

  test('a frame that was cut out shows its first bytes and its file, on the cover and under its problem', () => {
    const leaks = [{ file: 'leak-1.pcap', capture: CAPTURE, frames: [{ frame: 13, at: 1, hex: '4500002048656c6c6f0a00ff3c623e26' }] }];
    const page = writeHtml({ report: leaking(), leaks });
    const problems = sectionOf(page, 'problems');
    expect(problems).toContain('cut out as frame 1 of <a href="leak-1.pcap">');
    expect(problems).toContain('0000  45 00 00 20 48 65 6c 6c 6f 0a 00 ff 3c 62 3e 26  E.. Hello...&lt;b&gt;&amp;');
    expect(problems).toContain(COMMAND);
    expect(page.slice(0, page.indexOf('id="problems"'))).toContain('(<a href="leak-1.pcap">leak-1.pcap</a>)');
  });

  test('of many frames the first are shown and the others counted', () => {
    const report = leaking();
    const more = [7, 13, 200, 201].map((frame) => ({ text: `seen in ${frame}`, capture: CAPTURE, frame }));
    const verdicts = report.verdicts.map((one) => (one.id === 'WIR-01' ? { ...one, facts: more } : one));
    expect(sectionOf(writeHtml({ report: { ...report, verdicts } }), 'problems')).toMatch(/and 1 more: .*frames 7, 13, 200, 201/);
  });

  test('no command for a path that a shell takes for something else, or that leads out', () => {
    for (const capture of ['captures/$(reboot).pcap', "a'b.pcap", '../x.pcap', '-r']) {
      const page = writeHtml({ report: leaking({ capture, frame: 1 }) });
      if (capture === '-r') expect(page).toContain('tshark -r <span class="place">recording</span>/-r');
      else expect(page, capture).not.toContain('<code>tshark');
    }
  });

  test('what stands under one problem is not told again under the next', () => {
    const report = leaking();
    const { facts } = report.verdicts.find(({ id }) => id === 'WIR-01')!;
    const again = { ...report, verdicts: report.verdicts.map((one) => (one.id === 'XFR-06' ? { ...one, facts } : one)) };
    const problems = sectionOf(writeHtml({ report: again }), 'problems');
    expect(problems.split(COMMAND)).toHaveLength(2);
    expect(problems).toContain('1 fact stands under <a href="#XFR-06">XFR-06</a> already.');
  });

  test('a healthy report has none', () => {
    expect(writeHtml({ report: healthyReport() })).not.toContain('id="problems"');
  });
});

test('the first screen says when, what, where, how far, and which frame', () => {
  const [cover] = /<section class="verdict.*?<\/section>/s.exec(writeHtml({ report: leaking() }))!;
  for (const text of [
    '2026-01-02 03:04 to 03:04 UTC',
    'Cilium 1.16 (running: 1.16.2',
    'IPsec over vxlan',
    'node1, node2, node3',
    'wirewitness 0.1.0',
  ])
    expect(cover).toContain(text);
  expect(cover).toContain(`UDP over IPv4: frame 13 of <a href="recording/${CAPTURE}">`);
});

test('a page in another folder takes its commands along', () => {
  const page = relocateEvidence(writeHtml({ report: leaking() }), '../recording');
  expect(page).toContain(`tshark -r <span class="place">../recording</span>/${CAPTURE}`);
  expect(page).not.toContain('href="recording/');
});
