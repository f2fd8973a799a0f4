/** Threads that map beside the main one, which reads, reduces, and maps what they have no room for. */
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Batch } from '../../map/1-decode/lines.ts';
import type { Mapped } from '../../map/map.ts';
import type { MapRules } from '../map-rules.ts';
import { batchMessage, type MappedMessage, readMapped } from './messages.ts';

const ENTRY = new URL('./worker.ts', import.meta.url);

/** Batches that a thread has, so that it need not wait where the main thread is busy. */
const ROOM = 3;

/** A thread ended that should not have: by a fault of the program, or for want of memory. */
export class ThreadFailedError extends Error {
  override readonly name = 'ThreadFailedError';
}

export class MapThreads {
  readonly #count: number;
  readonly #entry: URL;
  #threads: readonly Thread[] = [];
  #rules: MapRules | undefined;

  /** @param count threads beside the main one */
  constructor(count: number, entry = ENTRY) {
    this.#count = count;
    this.#entry = entry;
  }

  /** Batches that they have all together, at most. */
  get room(): number {
    return this.#count * ROOM;
  }

  /** Starts the threads, where they are not yet; the rules may come later. */
  start(): void {
    if (this.#threads.length > 0) return;
    this.#threads = Array.from({ length: this.#count }, () => new Thread(this.#entry));
    if (this.#rules) this.begin(this.#rules);
  }

  /** Hands them the rules, now or when they start. */
  begin(rules: MapRules): void {
    this.#rules = rules;
    for (const thread of this.#threads) thread.begin(rules);
  }

  /**
   * What the batch comes to, from the thread that has least to do; undefined where all have enough.
   * It rejects with a ThreadFailedError when the thread ends before.
   */
  map(batch: Batch): Promise<Mapped> | undefined {
    let least: Thread | undefined;
    for (const thread of this.#threads) {
      if (thread.load < Math.min(ROOM, least?.load ?? Infinity)) least = thread;
    }
    return least?.map(batch);
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

interface Waiting {
  readonly resolve: (mapped: Mapped) => void;
  readonly reject: (error: Error) => void;
}

class Thread {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #ready = false;
  #failure: ThreadFailedError | undefined;

  constructor(entry: URL) {
    const cache = getCompileCacheDir();
    this.#worker = new Worker(entry, {
      // What is compiled for one thread is there for the others, and in the next run.
      env: cache ? { ...process.env, NODE_COMPILE_CACHE: dirname(cache) } : process.env,
    });
    this.#worker.on('message', (message: 'ready' | MappedMessage) => {
      if (message === 'ready') this.#ready = true;
      else this.#waiting.shift()?.resolve(readMapped(message));
    });
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', (code) => this.#fail(`it ended with code ${code}`));
  }

  /** Batches it has; Infinity while it starts. A thread that failed takes them and fails them. */
  get load(): number {
    return this.#ready || this.#failure ? this.#waiting.length : Infinity;
  }

  begin(rules: MapRules): void {
    this.#worker.postMessage(rules);
  }

  map(batch: Batch): Promise<Mapped> {
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(...batchMessage(batch));
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(why: string): void {
    this.#failure ??= new ThreadFailedError(`A thread failed: ${why}`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
