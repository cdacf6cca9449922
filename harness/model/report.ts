import * as z from 'zod';
import { comparedAdvisorySchema } from './advisory.ts';
import { clusterDescriptionSchema, environmentClassSchema } from './cluster.ts';
import { cryptoInventorySchema } from './crypto.ts';
import type { Data } from './data.ts';
import { intentSchema } from './intent.ts';
import { ledgerSchema } from './ledger.ts';
import { familySchema, modeSchema } from './mode.ts';
import { flowEndSchema, flowPathSchema, journalEventSchema, phaseSchema, runSchema, toolSchema } from './recording.ts';
import { sampleClaimSchema } from './sample.ts';
import { scenarioSchema } from './scenario.ts';
import { checkVerdictSchema, verdictSchema } from './verdict.ts';

/** Schema of report.json; a reader refuses any other. */
export const REPORT_SCHEMA = 2;

/** What must happen to a flow. */
const treatmentSchema = z.enum(['encrypted', 'clear-by-design', 'dropped']);
export type Treatment = z.output<typeof treatmentSchema>;

/** One frame of a recording. */
const frameReferenceSchema = z.object({
  /** Path of a capture inside the recording folder. */
  capture: z.string(),
  /** 1-based, as tshark counts. */
  frame: z.number(),
});
export type FrameReference = Data<typeof frameReferenceSchema>;

/** A cell of the flow matrix: what was sent, what must happen to it, what the wire showed. */
const flowVerdictSchema = z.object({
  id: z.string(),
  path: flowPathSchema,
  family: familySchema,
  protocol: z.string(),
  source: flowEndSchema,
  destination: flowEndSchema,
  treatment: treatmentSchema,
  /** Why the treatment is what it is, and where that is documented. */
  treatmentReason: z.string(),
  verdict: verdictSchema,
  reason: z.string(),
  sent: z.number(),
  answered: z.number(),
  /** Frames of this flow seen in the clear on the wire in the judged phase, and in the un-encrypted phase. */
  clearFrames: z.number(),
  controlFrames: z.number(),
  /** Its first frame that was readable although it must be encrypted; absent: none. */
  firstReadable: frameReferenceSchema.exactOptional(),
});
export type FlowVerdict = Data<typeof flowVerdictSchema>;

/** What a cluster must offer so that a check can be judged; names of capabilities of a {@link ClusterDescription}. */
const needSchema = z.enum(['agent-shell', 'host-shell', 'node-objects', 'capture']);
export type Need = z.output<typeof needSchema>;

/**
 * What a check that contradicts is about, which decides the headline: `plaintext` was readable; the `wire` is not as claimed otherwise; the
 * cluster declares something other than the `claim`; requests were lost (`loss`); the `recording` itself is not in order.
 */
const checkSubjectSchema = z.enum(['plaintext', 'wire', 'claim', 'loss', 'recording']);
export type CheckSubject = z.output<typeof checkSubjectSchema>;

/** A check as the catalogue states it. */
const checkStatementSchema = z.object({
  id: z.string(),
  /** What must hold. Its only wording: documents, JUnit and pages print it. */
  must: z.string(),
  modes: z.array(modeSchema),
  /** Scenarios that exercise it; absent: every one does. */
  scenarios: z.array(scenarioSchema).exactOptional(),
  /** What is read, as text. */
  evidence: z.string(),
  /** Absent: the state of nodes and agents. */
  subject: checkSubjectSchema.exactOptional(),
  needs: z.array(needSchema),
  /** The un-encrypted phase of a recording must turn it red. */
  clearPhaseIsControl: z.boolean().exactOptional(),
  /** What an operator does when it is red; commands between backticks. */
  remedy: z.string(),
  /**
   * Its expected value of a node's state comes only from the profile: if that profile was not seen on real agents, the check cannot
   * contradict.
   */
  restsOnProfile: z.literal(true).exactOptional(),
});
export type CheckStatement = Data<typeof checkStatementSchema>;

/** A fault of the lab that was seen to turn a check red. */
const controlSeenSchema = z.object({
  check: z.string(),
  fault: z.string(),
  mode: z.string(),
  routing: z.string(),
  profile: z.string(),
  verdict: z.string(),
  /** ISO 8601. */
  recordedAt: z.string(),
  toolVersion: z.string(),
});
export type ControlSeen = Data<typeof controlSeenSchema>;

/** A check in a report. */
const reportedCheckSchema = checkStatementSchema.extend({
  /** What must turn it red: ids of faults, `clear phase`. */
  controls: z.array(z.string()),
  /** Why nothing in the lab turns it red; absent: something does. */
  uncontrolled: z.string().exactOptional(),
  /** Where the published control run last saw it red; null when it did not. */
  lastSeenRed: controlSeenSchema.nullable().exactOptional(),
});
export type ReportedCheck = Data<typeof reportedCheckSchema>;

/** Which SPI one node used towards another, and when. Times are Unix milliseconds. */
const spiUseSchema = z.object({
  /** Node names; the address itself where it belongs to no node. */
  from: z.string(),
  to: z.string(),
  /** Addresses of the SA. */
  src: z.string(),
  dst: z.string(),
  /** `0x%08x`. */
  spi: z.string(),
  frames: z.number(),
  firstMs: z.number(),
  lastMs: z.number(),
});
export type SpiUse = Data<typeof spiUseSchema>;

/** One stream of requests over a window. */
const windowLoadSchema = z.object({
  id: z.string(),
  source: z.string(),
  destination: z.string(),
  family: familySchema,
  protocol: z.string(),
  sent: z.number(),
  answered: z.number(),
  /** Longest time without an answer, milliseconds; an outage that lasts to the end of the stream counts. */
  longestGapMs: z.number(),
  /** When requests were sent that got no answer, Unix milliseconds; at most KEPT_LOSSES. */
  lostAtMs: z.array(z.number()),
});
export type WindowLoad = Data<typeof windowLoadSchema>;

/** What was seen while something was changed under load: key rotation and the life cycle scenarios. */
const windowReportSchema = z.object({
  /** Unix milliseconds; null where the journal does not say. */
  startedMs: z.number().nullable(),
  endedMs: z.number().nullable(),
  /** By direction, then in order of time. Empty for WireGuard, which has no SPI. */
  spis: z.array(spiUseSchema),
  loads: z.array(windowLoadSchema),
  /** Readable frames of traffic that must be encrypted, over the whole window. */
  clearFrames: z.number(),
  /** The first of them; absent where none was seen. */
  firstClear: z
    .object({
      /** Unix milliseconds by the capture's clock. */
      atMs: z.number(),
      capture: z.string(),
      frame: z.number(),
      /** The last change before it in the journal, and milliseconds since then; null if there is none. */
      after: z.object({ event: z.string(), detail: z.record(z.string(), z.unknown()), ms: z.number() }).nullable(),
    })
    .exactOptional(),
});
export type WindowReport = Data<typeof windowReportSchema>;

/** report.json: everything the writers need; all times come from the recording. */
export const reportSchema = z.object({
  schema: z.literal(REPORT_SCHEMA),
  run: runSchema,
  tool: toolSchema,
  intent: intentSchema,
  environment: z.object({ class: environmentClassSchema, cluster: clusterDescriptionSchema }),
  /** The worst of the verdicts: contradicts, then inconclusive, then supports. If no check was exercised, it is inconclusive. */
  verdict: verdictSchema,
  checks: z.array(reportedCheckSchema),
  verdicts: z.array(checkVerdictSchema),
  flows: z.array(flowVerdictSchema),
  /** Where only a sample of the ordered pairs of nodes was driven: what it shows of all of them. */
  sample: sampleClaimSchema.exactOptional(),
  /** Key `<phase>/<vantage>/<node or '-'>/<interface>`. */
  ledger: z.record(
    z.string(),
    ledgerSchema.extend({
      file: z.string(),
      phase: phaseSchema,
      vantage: z.string(),
      /** Its filter, of an earlier version, left out the short datagrams that the other capture of the window left out too. */
      leavesOutShort: z.literal(true).exactOptional(),
    }),
  ),
  timeline: z.array(journalEventSchema),
  /** What the window of a scenario showed; absent where none was recorded. */
  rotation: windowReportSchema.exactOptional(),
  /** The cryptography that was observed; absent in reports of versions that took no inventory. */
  crypto: cryptoInventorySchema.exactOptional(),
  /** Published advisories compared with this run; absent in reports of versions that did not do so. They are not verdicts. */
  advisories: z.array(comparedAdvisorySchema).exactOptional(),
  limits: z.array(z.string()).min(1),
});
export type Report = Data<typeof reportSchema>;
