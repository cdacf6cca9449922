import type { AttackTopic } from '../attack.ts';
import type { RecordingDraft } from '../draft.ts';
import { inserted } from '../frames.ts';
import { datagram } from '../wire-packets.ts';

/** The file of a part of the sentinel. */
function isPart(number: string): (capture: { readonly part?: number }) => boolean {
  return ({ part }) => part === Number(number);
}

/** The frames of one part, changed in its file and in its own counters. */
function inPart(draft: RecordingDraft, part: string, change: Parameters<RecordingDraft['frames']>[1]): void {
  const others = draft.manifest.captures.filter((capture) => capture.kind === 'sentinel' && !isPart(part)(capture));
  draft.manifest.captures = draft.manifest.captures.filter((capture) => !others.includes(capture));
  draft.frames({ phase: 'window', kind: 'sentinel' }, change);
  draft.manifest.captures.push(...others);
}

/**
 * In the last reading before the part after this one is started, of the last part before it is told to end, and from then on, the interface
 * and the tcpdump that counts with the sentinel's filter counted frames more.
 */
function countMore(draft: RecordingDraft, part: string, frames: number): void {
  const next = draft.events.findIndex(({ event, detail }) => event === 'captures-starting' && isAbout(detail.parts, Number(part) + 1));
  const until = next >= 0 ? next : draft.events.findLastIndex(({ event }) => event === 'watch-part-ending');
  const last = draft.events.findLastIndex(({ event }, index) => event === 'watch-reading' && index < until);
  if (last < 0) throw new RangeError(`nothing was counted in part ${part}`);
  for (const { event, detail } of draft.events.slice(last)) {
    if (event !== 'watch-reading' || typeof detail.line !== 'string') continue;
    const words = detail.line.split(' ');
    const more = (text = ''): string => String(Number(text) + frames);
    const [captured, received, dropped = ''] = (words[6] ?? '').split(',');
    words[4] = more(words[4]);
    words[6] = [more(captured), more(received), dropped].join(',');
    words[8] = more(words[8]);
    detail.line = words.join(' ');
  }
}

/** Whether a line of the journal is about this part. */
function isAbout(parts: unknown, part: number): boolean {
  return Array.isArray(parts) && parts.some((name) => String(name).endsWith(` ${part}`));
}

export const watches: AttackTopic = {
  topic: 'watches',
  root: 'what a long watch kept is believed, and not compared with what it counted',
  manipulations: [
    {
      id: 'leak-taken-out',
      what: 'readable frames were taken out of a file of the sentinel and out of its closing counters: only the readings of the counters still have them',
      on: ['watch'],
      variants: ['1 in part 1', '1 in part 2', '500 in part 2', '1 in part 3'],
      turns: ['WIR-15'],
      edit: (draft, variant) => {
        const [frames, , , part = ''] = variant.split(' ');
        countMore(draft, part, Number(frames));
      },
    },
    {
      id: 'counted-elsewhere',
      what: 'a file of the sentinel has readable frames that nothing counted: it is of another time or place',
      on: ['watch'],
      variants: ['1', '2', '3'],
      turns: ['WIR-15'],
      edit: (draft, part) => inPart(draft, part, (frames) => inserted(frames, [datagram(4711, Buffer.alloc(1200, 'plain '))])),
    },
    {
      id: 'short',
      what: "the sentinel kept datagrams to the tunnel's port that are too short for a tunnel, and everything counted them",
      on: ['watch'],
      variants: ['1', '2', '3'],
      turns: ['WIR-01', 'WIR-04'],
      edit: (draft, part) => {
        const short = Array.from({ length: 500 }, () =>
          datagram(8472, Buffer.concat([Buffer.from([8]), Buffer.from('readable and short ')])),
        );
        inPart(draft, part, (frames) => inserted(frames, short));
        countMore(draft, part, short.length);
      },
    },
    {
      id: 'part-left-out',
      what: 'a part of the sentinel is left out, with its file and its lines of the journal',
      on: ['watch'],
      // The third may begin after the window has ended.
      variants: ['1', '2'],
      turns: ['WIR-01'],
      edit: (draft, part) => {
        const gone = draft.manifest.captures.filter((capture) => isPart(part)(capture));
        for (const { file } of gone) for (const path of [file, file.replace(/\.pcap$/, '.log')]) draft.remove(path);
        draft.manifest.captures = draft.manifest.captures.filter((capture) => !gone.includes(capture));
        draft.events.splice(0, draft.events.length, ...draft.events.filter(({ detail }) => !isAbout(detail.parts, Number(part))));
      },
    },
  ],
};
