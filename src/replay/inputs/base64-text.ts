/** Base64 text of gzip, one payload after another, in one line each or folded into many. */
import { DamagedInputError } from '../../map/1-decode/pieces.ts';

/** The first bytes of gzip in base64. */
const BEGINNING = 'H4sI';

/** Most text of one payload: 16 MB, far above what Lambda takes. */
const MAX_TEXT = 16 * 1024 * 1024;

export class Base64Text {
  #text = '';
  #unfinishedLine = '';

  /** The payloads that end before the text so far does. @throws DamagedInputError on one over 16 MB */
  push(bytes: Uint8Array): Uint8Array[] {
    const lines = (this.#unfinishedLine + new TextDecoder('latin1').decode(bytes)).split('\n');
    this.#unfinishedLine = lines.pop() ?? '';
    const payloads: Uint8Array[] = [];
    for (const line of lines) payloads.push(...this.#line(line));
    if (this.#text.length + this.#unfinishedLine.length > MAX_TEXT) {
      throw new DamagedInputError('a base64 payload has more than 16 MB');
    }
    return payloads;
  }

  end(): Uint8Array[] {
    const payloads = this.#line(this.#unfinishedLine);
    this.#unfinishedLine = '';
    return [...payloads, ...this.#take()];
  }

  #line(line: string): Uint8Array[] {
    const text = line.trim();
    const before = text.startsWith(BEGINNING) ? this.#take() : [];
    this.#text += text;
    return before;
  }

  #take(): Uint8Array[] {
    const text = this.#text;
    this.#text = '';
    return text === '' ? [] : [Buffer.from(text, 'base64')];
  }
}
