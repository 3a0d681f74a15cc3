/** The logger every room may be handed. Rooms never print: whoever calls them decides where words go. */
export interface Logger {
  /** Something the person should know and cannot see from the result. */
  info(message: string): void;
  /** Something that may make the result worth less. */
  warn(code: string, message: string): void;
}

/** Says nothing; the default where no logger is given. */
export const silentLogger: Logger = {
  info() {},
  warn() {},
};
