/**
 * Words of a stack in the texts of checks: in an `evidence` or a `remedy`, `{restartAgents}` is replaced by the word of that name. Commands
 * are without backticks, so that a text can add arguments.
 */
export interface Words {
  /** Name of the stack. */
  readonly stack: string;
  readonly wireguardDevice: string;
  readonly wireguardPort: string;
  /** Runs a command of the agent's program in any agent, and in the agent of a given node, whose pod is AGENT. */
  readonly agent: string;
  readonly agentOfNode: string;
  readonly agentLogs: string;
  readonly logsOfNode: string;
  readonly listVersions: string;
  /** Waits until all agents are ready. */
  readonly awaitAgents: string;
  readonly patchAgents: string;
  /** Makes the stack write its kernel state again, with the command between backticks. */
  readonly restartAgents: string;
  readonly helmUpgrade: string;
  readonly helmRollback: string;
  /** The kind of object in which a node publishes what the others need, its field with the public key, and how to list them. */
  readonly nodeObject: string;
  readonly publicKeyField: string;
  readonly getNodes: string;
  /** The kind of object with the identity and the addresses of a pod. */
  readonly podObject: string;
  readonly configMap: string;
  readonly keySecret: string;
  /** Reason by which the programs of the agent count a packet that they drop because it is not encrypted; empty where they count none. */
  readonly droppedAsClear: string;
  /** Name of the stack's own log of flows; empty where it has none. */
  readonly flowLog: string;
  /** Enrols the pods of a namespace in a mesh, and lists what the control plane of the mesh says of pods; empty for a stack without. */
  readonly enrolPods: string;
  readonly listWorkloads: string;
  /** Puts a new IPsec key into the Secret, with the command between backticks. */
  readonly replaceKey: string;
}

/** A text of a check with the words of a stack. @throws RangeError for a word that no stack has */
export function worded(text: string, words: Words): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(words, name)) throw new RangeError(`a text of a check has {${name}}, which is not a word of a stack`);
    return words[name as keyof Words];
  });
}
