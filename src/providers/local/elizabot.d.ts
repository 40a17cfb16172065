declare module 'elizabot' {
  /** Weizenbaum's ELIZA with his DOCTOR script, as N. Landsteiner wrote it in JavaScript. */
  export default class ElizaBot {
    /** `true` takes the script's answers in turn instead of at random. */
    constructor(inTurn: boolean);
    getInitial(): string;
    transform(sentence: string): string;
  }
}
