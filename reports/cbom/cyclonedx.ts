/** The parts of CycloneDX 1.6 (ECMA-424) that are written. The official library has no model of cryptographic assets. */
export interface Cbom {
  readonly $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json';
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly serialNumber: string;
  readonly version: 1;
  readonly metadata: {
    readonly timestamp: string;
    readonly tools: { readonly components: readonly CbomComponent[] };
    readonly component: CbomComponent;
    readonly properties: readonly CbomProperty[];
  };
  readonly components: readonly CryptoComponent[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly compositions: readonly { readonly aggregate: 'incomplete'; readonly assemblies: readonly string[] }[];
}

export interface CbomProperty {
  readonly name: string;
  readonly value: string;
}

export interface CbomComponent {
  readonly type: 'application' | 'platform';
  readonly 'bom-ref'?: string;
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
}

/** An algorithm, a protocol, a certificate, or a key; never the value of a secret key. */
export interface CryptoComponent {
  readonly type: 'cryptographic-asset';
  readonly 'bom-ref': string;
  /** Unique in a document, and the same for the same component in the next one: comparisons use it. */
  readonly name: string;
  readonly cryptoProperties: CryptoProperties;
  readonly evidence?: { readonly occurrences: readonly { readonly location: string }[] };
  readonly properties?: readonly CbomProperty[];
}

export type CryptoProperties =
  | { readonly assetType: 'algorithm'; readonly algorithmProperties: AlgorithmProperties; readonly oid?: string }
  | { readonly assetType: 'certificate'; readonly certificateProperties: CertificateProperties }
  | { readonly assetType: 'protocol'; readonly protocolProperties: ProtocolProperties }
  | { readonly assetType: 'related-crypto-material'; readonly relatedCryptoMaterialProperties: MaterialProperties };

export interface AlgorithmProperties {
  readonly primitive: 'ae' | 'block-cipher' | 'mac' | 'hash' | 'key-agree' | 'signature' | 'combiner' | 'unknown';
  readonly parameterSetIdentifier?: string;
  readonly curve?: string;
  readonly executionEnvironment: 'unknown';
  readonly mode?: 'gcm' | 'cbc';
  readonly cryptoFunctions: readonly (
    | 'encrypt'
    | 'decrypt'
    | 'tag'
    | 'verify'
    | 'digest'
    | 'keyderive'
    | 'sign'
    | 'encapsulate'
    | 'unknown'
  )[];
  readonly classicalSecurityLevel?: number;
  readonly nistQuantumSecurityLevel?: number;
}

interface ProtocolProperties {
  readonly type: 'ipsec' | 'tls' | 'other';
  readonly version: string;
  readonly cipherSuites: readonly { readonly name: string; readonly algorithms: readonly string[] }[];
  readonly cryptoRefArray: readonly string[];
}

interface CertificateProperties {
  readonly subjectName: string;
  readonly notValidBefore: string;
  readonly notValidAfter: string;
  readonly subjectPublicKeyRef: string;
  readonly certificateFormat: 'X.509';
}

interface MaterialProperties {
  readonly type: 'secret-key' | 'public-key';
  readonly id: string;
  readonly state: 'active' | 'deactivated';
  readonly algorithmRef: string;
  readonly activationDate: string;
  readonly value?: string;
  readonly size?: number;
  readonly format?: string;
}
