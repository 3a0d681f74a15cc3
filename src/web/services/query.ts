/** What the server said last, kept while it is asked anew; news of events makes it ask. */
import { QueryClient } from "@tanstack/react-query";
import { Refusal } from "./api.ts";

/** Networks are judged by whether the server answers, never by the browser's idea of being online: the server may be this computer. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: "always",
        staleTime: 10_000,
        retry: (failures, error) => !(error instanceof Refusal) && failures < 3,
        retryDelay: (attempt) => Math.min(30_000, 1000 * 2 ** attempt),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
