/**
 * What browser and server say to each other: schemas the server checks every request and answer by, and their types. The browser imports the types alone.
 * docs/decisions/0080 lists the addresses.
 */
export * from "./common.ts";
export * from "./people.ts";
export * from "./projects.ts";
export * from "./answers.ts";
export * from "./versions.ts";
