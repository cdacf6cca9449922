import { EnvironmentError } from '../model/environment-error.ts';

/** The API server refused a request or could not be reached. Names the request, the server's reason and its message. */
export class KubeError extends EnvironmentError {
  override readonly name = 'KubeError';
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** `NotFound`, `Forbidden`, `Conflict` …; empty when the answer was not a Status object. */
  readonly reason: string;

  constructor(request: string, why: { readonly status?: number; readonly reason?: string; readonly message: string }, cause?: unknown) {
    const status = why.status === undefined ? '' : ` (${why.status}${why.reason ? ` ${why.reason}` : ''})`;
    super(`${request}: ${why.message}${status}`, cause === undefined ? {} : { cause });
    this.status = why.status;
    this.reason = why.reason ?? '';
  }
}

/** client-node rejects with an ApiException whose body is JSON text, or with the error of the network. */
export function kubeError(request: string, error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const { code, body, message } = asApiException(error);
  if (code === undefined) return new KubeError(request, { message: `${message ?? String(error)}${causeOf(error)}` }, error);
  const said = parseStatus(body);
  return new KubeError(request, { status: code, reason: said.reason, message: said.message || message || 'no message' }, error);
}

function asApiException(error: unknown): { code?: number; body?: unknown; message?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const { code, body, message } = error as { code?: unknown; body?: unknown; message?: unknown };
  return {
    ...(typeof code === 'number' ? { code, body } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  };
}

function causeOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
}

function parseStatus(body: unknown): { reason: string; message: string } {
  let value = body;
  if (typeof body === 'string') {
    try {
      value = JSON.parse(body);
    } catch {
      // The answer of a proxy in between is not JSON: its text is the message.
      return { reason: '', message: body.trim().slice(0, 300) };
    }
  }
  const { reason, message } = (value ?? {}) as { reason?: unknown; message?: unknown };
  return { reason: typeof reason === 'string' ? reason : '', message: typeof message === 'string' ? message : '' };
}
