/**
 * Words of a stack in the texts of checks: in an `evidence` or a `remedy` `{restartAgents}` stands for the word of that name. Commands are
 * written without backticks, so that a text can go on with arguments of its own.
 */
export interface Words {
  /** The stack itself. */
  readonly stack: string;
  readonly wireguardDevice: string;
  readonly wireguardPort: string;
  /** Runs a command of the agent's own program in any agent, and in that of the node in question, whose pod is AGENT. */
  readonly agent: string;
  readonly agentOfNode: string;
  readonly agentLogs: string;
  readonly logsOfNode: string;
  readonly listVersions: string;
  /** Waits until all agents are ready. */
  readonly awaitAgents: string;
  readonly patchAgents: string;
  /** What makes the stack write its kernel state again, with the command between backticks. */
  readonly restartAgents: string;
  readonly helmUpgrade: string;
  readonly helmRollback: string;
  /** The kind of object by which a node publishes what the others need of it, its field with the public key, and how to list them. */
  readonly nodeObject: string;
  readonly publicKeyField: string;
  readonly getNodes: string;
  /** The kind of object that holds the identity and the addresses of a pod. */
  readonly podObject: string;
  readonly configMap: string;
  readonly keySecret: string;
  /** What puts a new IPsec key into the Secret, with the command between backticks. */
  readonly replaceKey: string;
}

/** A text of a check in the words of a stack. @throws RangeError for a word that no stack has */
export function worded(text: string, words: Words): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    if (!Object.hasOwn(words, name)) throw new RangeError(`a text of a check has {${name}}, which is no word of a stack`);
    return words[name as keyof Words];
  });
}
