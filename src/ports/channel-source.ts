/** Where channels are kept; their texts are secret. */

export interface ChannelText {
  /** What rules and routes call it. */
  readonly name: string;
  /** What a person would open: the parameter's name. */
  readonly origin: string;
  /** The document; undefined where it could not be read. */
  readonly text?: string;
  /** Why it could not be read. Never holds a part of the text. */
  readonly problem?: string;
  /** Stored in plain text, for whoever may read parameters to see. */
  readonly plain?: true;
}

export interface ChannelSource {
  /**
   * All channels. One that cannot be read does not keep the others back.
   * @throws Error when none can
   */
  read(): Promise<readonly ChannelText[]>;
}

/** The same for who writes them. */
export interface ChannelStore extends ChannelSource {
  /** Adds or replaces a channel. */
  put(name: string, text: string): Promise<void>;
  /** @returns false when there was none of the name */
  remove(name: string): Promise<boolean>;
}
