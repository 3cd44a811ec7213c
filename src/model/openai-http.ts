/** One bounded request to a server: in time, in bytes, and whatever comes back, the end is a value. */

import type { ModelOutcome } from "./model.ts";

export interface HttpOptions {
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
}

/** 16k tokens with their probabilities are 3 MB of JSON. */
const MAX_BODY_BYTES = 32 << 20;
/** Of a body that is an error, shown to the user. */
const SHOWN_CHARACTERS = 200;

/** The parsed body of the answer. */
export async function postJson(
  url: string,
  body: object,
  { limitMs, signal, headers }: HttpOptions,
): Promise<ModelOutcome<unknown>> {
  // AbortSignal.timeout's timer does not keep a process alive, and nothing else does while a server is silent.
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), Math.max(0, limitMs));
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, limit.signal]),
      redirect: "error", // a key must not go where the user did not send it
    });
    const text = await boundedText(response);
    if (text === undefined)
      return refused(
        `${url}: the answer is longer than ${MAX_BODY_BYTES >> 20} MB; is it a model?`,
      );
    if (!response.ok) return wrongStatus(url, response, text);
    return parsed(url, text);
  } catch (error) {
    if (limit.signal.aborted)
      return { status: "timeout", message: `${url}: no answer within the time that was left` };
    if (signal.aborted) return refused(`${url}: closed while it was asked`);
    return {
      status: "unreachable",
      message: `${url}: ${reasonOf(error)}; is the server running?`,
    };
  } finally {
    clearTimeout(timer);
  }
}

const refused = (message: string): ModelOutcome<never> => ({ status: "refused", message });

/** fetch says "fetch failed" and has the reason as its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error)
    return cause.errors[0].message;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}

/** undefined where it is too long; the rest is not read. */
async function boundedText(response: Response): Promise<string | undefined> {
  if (response.body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) return undefined; // leaving the loop cancels the stream
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function wrongStatus(url: string, { status }: Response, text: string): ModelOutcome<never> {
  const shown = text.replaceAll(/\s+/g, " ").slice(0, SHOWN_CHARACTERS);
  const message = `${url}: the server answers ${status}${shown === "" ? "" : `: ${shown}`}`;
  // Overload and gateways in front of a server that is down; all else is about the request.
  return { status: status >= 500 || status === 429 ? "unreachable" : "refused", message };
}

function parsed(url: string, text: string): ModelOutcome<unknown> {
  try {
    return { status: "ok", value: JSON.parse(text) };
  } catch {
    const shown = JSON.stringify(text.slice(0, SHOWN_CHARACTERS));
    return refused(`${url}: the answer is no JSON: ${shown}; want a server with OpenAI's protocol`);
  }
}
