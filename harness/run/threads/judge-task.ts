import type { FilePart } from '../../decode/secrets/scan-file.ts';
import type { FileFindings } from '../../judge/evidence/evidence-facts.ts';
import type { CaptureFacts } from '../../judge/wire/capture-facts.ts';
import type { CaptureRecord } from '../../model/recording.ts';

/** What a thread of the judge does: read a capture, or search a file, or a part of one, for secrets. */
export type JudgeTask = { readonly capture: CaptureRecord } | { readonly file: string; readonly part: FilePart | null };

/** The facts of a capture; what was found in a file; why it was not searched. */
export type JudgeAnswer = { readonly facts: CaptureFacts } | { readonly findings: FileFindings } | { readonly failed: string };
