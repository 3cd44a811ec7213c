/**
 * llama.cpp's evaluation: every foreign signature that is called by koffi, and no other. node-llama-cpp's own way there starts
 * threads anew and changes threads twice for each token, which takes longer than evaluating one; here the threads stay, and the
 * caller's is one of them.
 *
 * The libraries are those that node-llama-cpp has loaded into this process. Names and meanings are those of llama.h and ggml.h
 * of the release (structs.ts); a pointer is a bigint, null where C gives NULL. Whatever fails in C may end the process.
 */

import { promisify } from "node:util";
import koffi from "koffi";
import {
  BATCH,
  CONTEXT_PARAMS,
  MAX_THREADS,
  MODEL_PARAMS,
  RELEASE,
  THREADPOOL_PARAMS,
} from "./structs.ts";

type Pointer = bigint;
type Params = Record<string, unknown>;

/** GGML_BACKEND_DEVICE_TYPE_CPU. */
const CPU_DEVICE = 0;
/**
 * How long threads wait busily for the next token before they sleep, in rounds of 131,072 pauses: 4 ms, which the
 * choice of a token never takes. llama.cpp's own 50 takes a core from others for 0.18 s after each answer.
 */
const POLL = 1;
/** Batches of more tokens are evaluated on another thread, so that the process hears meanwhile that its parent is gone. */
const SMALL_BATCH_TOKENS = 8;
/**
 * One thread evaluates a smaller model, whatever is asked for. Where another program has one of two cores two threads wait for each other:
 * 96 tokens of a model of 0.4 MB take 399 ms instead of 5, 512 of one of 7 MB 476 instead of 79. On idle cores the second thread would
 * save 31 ms of these 74. It pays for a model of 17 MB, where a token takes 1.4 ms with two threads and 2.2 with one.
 */
const SMALL_MODEL_BYTES = 8 << 20;

/** C code runs on koffi's own stacks; as much as a thread of the system's has, which llama.cpp is written for. */
const C_STACK_BYTES = 8 << 20;

koffi.config({ sync_stack_size: C_STACK_BYTES, async_stack_size: C_STACK_BYTES }); // refused once a library is loaded

// `as` appears below because koffi's functions are untyped; the strings beside them are the C prototypes.
/* oxlint-disable typescript/consistent-type-assertions */
function openLibraries(release: string) {
  if (release !== RELEASE)
    throw new Error(
      `node-llama-cpp brings llama.cpp ${release}; src/model/llama-cpp/structs.ts is of ${RELEASE}: run npm ci to get that one back`,
    );
  const llama = koffi.load(`libllama.${release}.so`);
  const ggml = koffi.load(`libggml.${release}.so`);
  const base = koffi.load("libggml-base.so");
  koffi.struct("llama_model_params", MODEL_PARAMS);
  koffi.struct("llama_context_params", CONTEXT_PARAMS);
  koffi.struct("llama_batch", BATCH);
  koffi.struct("ggml_threadpool_params", {
    cpumask: koffi.array("bool", MAX_THREADS),
    ...THREADPOOL_PARAMS,
  });
  const from =
    (library: ReturnType<typeof koffi.load>) =>
    <T>(prototype: string): T =>
      library.func(prototype) as unknown as T;
  const newThreads = koffi.proto("void *ggml_threadpool_new(ggml_threadpool_params *params)");
  const decode = llama.func("int32_t llama_decode(void *context, llama_batch batch)");
  const modelLoad = llama.func(
    "void *llama_model_load_from_file(const char *path, llama_model_params params)",
  );
  const [f, g, b] = [from(llama), from(ggml), from(base)];
  return {
    modelDefaultParams: f<() => Params>("llama_model_params llama_model_default_params()"),
    /** On another thread. */
    modelLoad: promisify(modelLoad.async) as (
      path: string,
      params: Params,
    ) => Promise<Pointer | null>,
    modelBytes: f<(model: Pointer) => number>("uint64_t llama_model_size(void *model)"),
    modelTrainContext: f<(model: Pointer) => number>(
      "int32_t llama_model_n_ctx_train(void *model)",
    ),
    modelVocabulary: f<(model: Pointer) => Pointer>("void *llama_model_get_vocab(void *model)"),
    vocabularySize: f<(vocabulary: Pointer) => number>("int32_t llama_vocab_n_tokens(void *vocab)"),
    contextDefaultParams: f<() => Params>("llama_context_params llama_context_default_params()"),
    contextNew: f<(model: Pointer, params: Params) => Pointer | null>(
      "void *llama_init_from_model(void *model, llama_context_params params)",
    ),
    /** `single` is for batches of one token. */
    attachThreads: f<(context: Pointer, single: Pointer, several: Pointer) => void>(
      "void llama_attach_threadpool(void *context, void *threadpool, void *threadpool_batch)",
    ),
    setThreads: f<(context: Pointer, single: number, several: number) => void>(
      "void llama_set_n_threads(void *context, int32_t n_threads, int32_t n_threads_batch)",
    ),
    memory: f<(context: Pointer) => Pointer>("void *llama_get_memory(void *context)"),
    removeTokens: f<(memory: Pointer, sequence: number, from: number, to: number) => boolean>(
      "bool llama_memory_seq_rm(void *memory, int32_t seq_id, int32_t p0, int32_t p1)",
    ),
    decode: decode as unknown as (context: Pointer, batch: Params) => number,
    /** On another thread; nothing else may be asked of the context meanwhile. */
    decodeAside: promisify(decode.async) as (context: Pointer, batch: Params) => Promise<number>,
    logitsOf: f<(context: Pointer, index: number) => Pointer | null>(
      "void *llama_get_logits_ith(void *context, int32_t i)",
    ),
    deviceByType: g<(type: number) => Pointer | null>("void *ggml_backend_dev_by_type(int type)"),
    registryOf: b<(device: Pointer) => Pointer>("void *ggml_backend_dev_backend_reg(void *device)"),
    procedure: b<(registry: Pointer, name: string) => Pointer | null>(
      "void *ggml_backend_reg_get_proc_address(void *reg, const char *name)",
    ),
    defaultThreads: b<(threads: number) => Params>(
      "ggml_threadpool_params ggml_threadpool_params_default(int n_threads)",
    ),
    newThreads: (procedure: Pointer, params: Params): Pointer | null =>
      koffi.call(procedure, newThreads, params) as Pointer | null,
  };
}
type Libraries = ReturnType<typeof openLibraries>;

/** Once a process: koffi keeps names of structures. */
let opened: Libraries | undefined;

/** Zeroed memory of C that stays; the view is of all of it. */
function keep(type: "int32_t" | "int8_t", length: number): { at: Pointer; view: ArrayBuffer } {
  const at = koffi.alloc(type, length) as Pointer;
  return { at, view: koffi.view(at, length * koffi.sizeof(type)) };
}
/* oxlint-enable typescript/consistent-type-assertions */

export interface NativeOptions {
  readonly path: string;
  /** Of llama.cpp, as node-llama-cpp tells it. */
  readonly release: string;
  readonly contextTokens: number | undefined;
  readonly maxContextTokens: number;
  /** Tokens that are evaluated at once, at most. */
  readonly batchTokens: number;
  readonly threads: number;
}

export interface Native {
  readonly contextTokens: number;
  readonly batchTokens: number;
  readonly vocabularySize: number;
  /** Those that compute. */
  readonly threads: number;
  /** Forgets all tokens from this position on. */
  rewind(position: number): void;
  /** Puts at most `batchTokens` tokens behind the `position` ones that are there; logits are wanted of those from `wantedFrom` on. */
  decode(tokens: readonly number[], position: number, wantedFrom: number): Promise<void>;
  /** Of the token at this place of the last batch. Valid until the next. */
  logits(place: number): Float32Array;
}

/** Throws an Error where the file cannot be loaded; llama.cpp's words about it go to its log. */
export async function openNative(options: NativeOptions): Promise<Native> {
  const { path, threads } = options;
  const c = (opened ??= openLibraries(options.release));
  const params = { ...c.modelDefaultParams(), n_gpu_layers: 0, lazy_mode: 0 };
  const model = await c.modelLoad(path, params);
  if (model === null) throw new Error("llama.cpp cannot load it");
  const contextTokens =
    options.contextTokens ?? Math.min(c.modelTrainContext(model), options.maxContextTokens);
  const batchTokens = Math.min(options.batchTokens, contextTokens);
  const context = c.contextNew(model, {
    ...c.contextDefaultParams(),
    n_ctx: contextTokens,
    n_batch: batchTokens,
    n_ubatch: batchTokens,
    swa_full: false,
  });
  if (context === null) throw new Error(`no memory for a context of ${contextTokens} tokens`);
  const used = c.modelBytes(model) < SMALL_MODEL_BYTES ? 1 : threads;
  startThreads(c, context, used);
  const vocabularySize = c.vocabularySize(c.modelVocabulary(model));
  return {
    contextTokens,
    vocabularySize,
    threads: used,
    ...evaluation(c, context, { batchTokens, vocabularySize }),
  };
}

/** Threads that stay; those that are not used sleep. */
function startThreads(c: Libraries, context: Pointer, threads: number): void {
  const device = c.deviceByType(CPU_DEVICE);
  const procedure = device && c.procedure(c.registryOf(device), "ggml_threadpool_new");
  if (!procedure) throw new Error("llama.cpp has no back end for this processor");
  const pool = c.newThreads(procedure, { ...c.defaultThreads(threads), poll: POLL });
  if (pool === null) throw new Error(`llama.cpp cannot start ${threads} threads`);
  c.attachThreads(context, pool, pool);
  c.setThreads(context, threads, threads);
}

const SEQUENCE = 0;

function evaluation(
  c: Libraries,
  context: Pointer,
  { batchTokens, vocabularySize }: Pick<Native, "batchTokens" | "vocabularySize">,
): Pick<Native, "batchTokens" | "rewind" | "decode" | "logits"> {
  const memory = c.memory(context);
  const [token, pos] = [keep("int32_t", batchTokens), keep("int32_t", batchTokens)];
  const wanted = keep("int8_t", batchTokens);
  const [ids, positions] = [new Int32Array(token.view), new Int32Array(pos.view)];
  const flags = new Int8Array(wanted.view);
  const logitsBytes = vocabularySize * Float32Array.BYTES_PER_ELEMENT;
  /** The last view: a single token's logits lie in the same place each time, and a view costs as much as a look through it. */
  let output = { at: 0n, view: new Float32Array(0) };
  const none = { embd: null, n_seq_id: null, seq_id: null }; // one sequence, whose number is 0
  return {
    batchTokens,
    rewind: (position) => void c.removeTokens(memory, SEQUENCE, position, -1),
    async decode(tokens, position, wantedFrom) {
      const n_tokens = tokens.length;
      ids.set(tokens);
      for (let at = 0; at < n_tokens; at++) positions[at] = position + at;
      flags.fill(0, 0, wantedFrom).fill(1, wantedFrom, n_tokens);
      const batch = { n_tokens, ...none, token: token.at, pos: pos.at, logits: wanted.at };
      const isSmall = n_tokens <= SMALL_BATCH_TOKENS;
      const code = isSmall ? c.decode(context, batch) : await c.decodeAside(context, batch);
      if (code !== 0) throw new Error(`llama.cpp did not evaluate ${n_tokens} tokens: ${code}`);
    },
    logits(place) {
      const at = c.logitsOf(context, place);
      if (at === null) throw new Error(`no logits of token ${place} were wanted`);
      if (at !== output.at) output = { at, view: new Float32Array(koffi.view(at, logitsBytes)) };
      return output.view;
    },
  };
}
