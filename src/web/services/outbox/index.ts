export { OutboxProvider, useOutbox, useOutboxState } from "./provider.tsx";
export type { Outbox, OutboxState } from "./outbox.ts";
export { randomId } from "./random-id.ts";
