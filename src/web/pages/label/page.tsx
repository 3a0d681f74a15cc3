import type { ReactNode } from "react";
import { Redirect, useParams, useSearch } from "wouter";
import { ButtonLink, Loading, Page, useTitle } from "../../elements/index.ts";
import { useCategories, useProject, useProjectId } from "../../services/data.ts";
import { useSay } from "../../services/words/index.ts";
import { Grid } from "./grid/grid.tsx";
import { Sheet } from "./sheet/sheet.tsx";
import { AnsweringProvider } from "./provider.tsx";
import { words } from "./words.ts";

/** Does this show a …? A grid of pictures for one category, or one picture for all categories. */
export default function Label(): ReactNode {
  const say = useSay(words);
  const project = useProjectId();
  const search = useSearch();
  const { category: wanted, picture } = useParams<{ category?: string; picture?: string }>();
  const categories = useCategories(project);
  const about = useProject(project);
  // A picture's name is known on the sheet, which tells the title itself.
  useTitle(picture === undefined ? categories.data?.find(({ id }) => id === wanted)?.name : undefined, say("title"), about.data?.name);
  if (categories.data === undefined || about.data === undefined) {
    return <Loading of={[categories, about]} height={400} />;
  }
  const [first] = categories.data;
  if (first === undefined || about.data.pictures === 0) {
    const lacks = first === undefined ? "categories" : "pictures";
    return (
      <div className="label-empty">
        <Page sentence={say(`empty.${lacks}`)}>
          <div className="row">
            <ButtonLink kind="primary" href={`/p/${project}/pictures`}>
              {say(`empty.${lacks}.add`)}
            </ButtonLink>
          </div>
        </Page>
      </div>
    );
  }
  if (picture !== undefined)
    return (
      <AnsweringProvider project={project}>
        <Sheet project={project} picture={picture} categories={categories.data} />
      </AnsweringProvider>
    );
  const category = categories.data.find((one) => one.id === wanted);
  if (category === undefined) return <Redirect to={`/p/${project}/label/${first.id}${search === "" ? "" : `?${search}`}`} replace />;
  return (
    <AnsweringProvider project={project}>
      <Grid key={category.id} project={project} category={category} categories={categories.data} />
    </AnsweringProvider>
  );
}
