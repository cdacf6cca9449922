/**
 * A thread of the judge: reads captures and searches files of one recording, whose files were hashed before.
 * @module
 */

import type { SecretKnowledge } from '../../decode/secrets/scan-bytes.ts';
import { scanPart } from '../../decode/secrets/scan-file.ts';
import { type FileFindings, readKnowledge, searchBytes } from '../../judge/evidence/evidence-facts.ts';
import { readState } from '../../judge/state/state-facts.ts';
import { type CaptureContext, captureContext } from '../../judge/wire/capture-context.ts';
import { readCaptureFacts } from '../../judge/wire/read-capture.ts';
import { answerTasks, givenToThread } from '../../proc/threads.ts';
import { type HashedRecording, partOf, readRecording } from '../../record/read-recording.ts';
import { profileOf } from '../../stacks/stack-of.ts';
import type { JudgeAnswer, JudgeTask } from './judge-task.ts';

const hashed = givenToThread<HashedRecording>();
const recording = readRecording(hashed);

/** Each is made by the first task that needs it. */
let context: Promise<CaptureContext> | undefined;
let knowledge: Promise<SecretKnowledge> | undefined;

async function readContext(): Promise<CaptureContext> {
  const { manifest } = recording;
  return captureContext(manifest, {
    profile: profileOf(manifest.intent),
    state: await readState(recording),
    events: await recording.events(),
  });
}

async function search({ file, part }: Extract<JudgeTask, { file: string }>): Promise<FileFindings> {
  // That the marks cannot be read is a gap that the main thread finds too.
  knowledge ??= readKnowledge(recording, []).then((read) => read.knowledge);
  if (part === null) return searchBytes(recording.bytes(file), await knowledge);
  let bytes = part.from - part.at;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of partOf(hashed, file, part.from, part.to)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  return { found: await scanPart(source(), part, await knowledge), bytes };
}

answerTasks<JudgeTask, JudgeAnswer>(async (task) => {
  if ('capture' in task) {
    context ??= readContext();
    return { facts: await readCaptureFacts(recording, task.capture, await context) };
  }
  try {
    return { findings: await search(task) };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
});
