import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Guesses } from "../../../../server/contract/index.ts";
import { Button, ErrorNote } from "../../../elements/index.ts";
import { api } from "../../../services/api.ts";
import { share } from "../../../services/gains/index.ts";
import { useSay } from "../../../services/words/index.ts";
import { words } from "../words.ts";

/** What the newest heads say of a picture; asked for only when somebody wants to see it, so that it leads nobody's answer. */
export function useGuesses(project: string, picture: string, wanted: boolean): UseQueryResult<Guesses> {
  return useQuery({ queryKey: ["project", project, "versions", "guesses", picture], queryFn: ({ signal }) => api.get<Guesses>(`/pictures/${picture}/guesses`, signal), enabled: wanted });
}

/** Hidden until it is asked for, and again with the next picture. */
export function GuessSwitch({ shown, guesses, onShow }: { readonly shown: boolean; readonly guesses: UseQueryResult<Guesses>; readonly onShow: () => void }): ReactNode {
  const say = useSay(words);
  return (
    <>
      <div className="row">
        <span className="quiet">{say(!shown ? "guess.hidden" : guesses.data?.length === 0 ? "guess.none" : "guess.shown")}</span>
        {!shown && (
          <Button kind="bare" onClick={onShow}>
            {say("guess.show")}
          </Button>
        )}
      </div>
      <ErrorNote error={guesses.error} />
    </>
  );
}

/** Never as sure as always or never. */
export function Guess({ probability }: { readonly probability: number }): ReactNode {
  const say = useSay(words);
  const told = share(100 * probability);
  return <p className="small sheet-others">{told.kind === "of" ? say("guess.of", { n: told.n }) : say(`guess.${told.kind}`)}</p>;
}
