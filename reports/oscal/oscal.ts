/** The parts of OSCAL 1.1.3 (NIST) that are written: an assessment plan and assessment results. */
export const OSCAL_VERSION = '1.1.3';

/** Namespace of properties that OSCAL does not define. */
export const OSCAL_NAMESPACE = 'urn:wirewitness:ns:oscal';

export interface OscalProperty {
  readonly name: string;
  readonly ns: typeof OSCAL_NAMESPACE;
  readonly value: string;
}

/** A link to a resource of the same document. */
interface OscalLink {
  readonly href: string;
  readonly rel: 'reference';
}

export interface OscalMetadata {
  readonly title: string;
  readonly 'last-modified': string;
  readonly version: string;
  readonly 'oscal-version': typeof OSCAL_VERSION;
  readonly props: readonly OscalProperty[];
  readonly remarks: string;
}

export interface OscalComponent {
  readonly uuid: string;
  readonly type: 'software' | 'system';
  readonly title: string;
  readonly description: string;
  readonly props?: readonly OscalProperty[];
  readonly status: { readonly state: 'operational' };
}

export interface ControlSelection {
  readonly description: string;
  readonly 'include-controls': readonly { readonly 'control-id': string }[];
}

export interface ReviewedControls {
  readonly 'control-selections': readonly ControlSelection[];
  readonly 'control-objective-selections': readonly { readonly 'include-objectives': readonly { readonly 'objective-id': string }[] }[];
}

export interface LocalObjective {
  readonly 'control-id': string;
  readonly parts: readonly { readonly id: string; readonly name: 'assessment-objective'; readonly prose: string }[];
}

export type OscalMethod = 'EXAMINE' | 'INTERVIEW' | 'TEST';

export interface OscalObservation {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly props: readonly OscalProperty[];
  readonly methods: readonly OscalMethod[];
  readonly types: readonly ['control-objective'];
  readonly origins: readonly { readonly actors: readonly { readonly type: 'tool'; readonly 'actor-uuid': string }[] }[];
  readonly subjects: readonly { readonly 'subject-uuid': string; readonly type: 'component' }[];
  readonly 'relevant-evidence'?: readonly {
    readonly href: string;
    readonly description: string;
    readonly props?: readonly OscalProperty[];
  }[];
  readonly collected: string;
  readonly remarks: string;
}

export interface OscalFinding {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly props: readonly OscalProperty[];
  readonly target: {
    readonly type: 'objective-id';
    readonly 'target-id': string;
    readonly status: {
      readonly state: 'satisfied' | 'not-satisfied';
      readonly reason: 'pass' | 'fail' | 'other';
      readonly remarks: string;
    };
  };
  readonly 'related-observations': readonly { readonly 'observation-uuid': string }[];
  readonly remarks: string;
}

export interface AssessmentResult {
  readonly uuid: string;
  readonly title: string;
  readonly description: string;
  readonly start: string;
  readonly end: string;
  readonly props: readonly OscalProperty[];
  readonly links: readonly OscalLink[];
  readonly 'local-definitions': { readonly components: readonly OscalComponent[] };
  readonly 'reviewed-controls': ReviewedControls;
  readonly observations?: readonly OscalObservation[];
  readonly findings?: readonly OscalFinding[];
  readonly remarks: string;
}

interface BackMatter {
  readonly resources: readonly {
    readonly uuid: string;
    readonly title: string;
    readonly description: string;
    readonly rlinks?: readonly { readonly href: string; readonly 'media-type': string }[];
  }[];
}

export interface AssessmentResultsDocument {
  readonly 'assessment-results': {
    readonly uuid: string;
    readonly metadata: OscalMetadata;
    readonly 'import-ap': { readonly href: string };
    readonly 'local-definitions'?: { readonly 'objectives-and-methods': readonly LocalObjective[] };
    readonly results: readonly AssessmentResult[];
    readonly 'back-matter': BackMatter;
  };
}

export interface AssessmentPlanDocument {
  readonly 'assessment-plan': {
    readonly uuid: string;
    readonly metadata: OscalMetadata;
    readonly 'import-ssp': { readonly href: string; readonly remarks: string };
    readonly 'local-definitions'?: { readonly 'objectives-and-methods': readonly LocalObjective[] };
    readonly 'reviewed-controls': ReviewedControls;
    readonly 'assessment-subjects': readonly {
      readonly type: 'component';
      readonly description: string;
      readonly 'include-all': Record<string, never>;
    }[];
    readonly 'assessment-assets': {
      readonly components: readonly OscalComponent[];
      readonly 'assessment-platforms': readonly {
        readonly uuid: string;
        readonly title: string;
        readonly 'uses-components': readonly { readonly 'component-uuid': string }[];
      }[];
    };
    readonly tasks: readonly { readonly uuid: string; readonly type: 'action'; readonly title: string; readonly description: string }[];
    readonly 'back-matter': BackMatter;
  };
}
