/** One picture of the gallery. */
export interface Picture {
  readonly id: string;
  readonly madeAt: number;
  readonly prompt: string;
  /** The id of the model that made it. */
  readonly model: string;
  readonly aspectRatio: string;
  /** Its bytes. Null where the server could not read them: then there is only where it is. */
  readonly dataUri: string | null;
  readonly url: string;
}
